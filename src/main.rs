use std::process::ExitCode;

use kesu::ingest::child;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == child::COMMAND) {
        return child::serve(arguments);
    }
    ExitCode::SUCCESS
}
