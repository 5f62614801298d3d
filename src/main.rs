use std::process::ExitCode;

fn main() -> ExitCode {
    kesu::cli::main(std::env::args_os())
}
