use std::process::ExitCode;

// its settings are in .cargo/config.toml: memory that is freed goes back at once
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    kesu::cli::main(std::env::args_os())
}
