//! How far a run has come: a bar on a terminal, plain lines when piped.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::normalise::Progress;

/// Piped, a line every so many rows.
const ROWS_A_LINE: u64 = 100_000;

#[derive(Debug)]
pub struct Shown {
    /// `None` when standard error is not a terminal.
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    stage: String,
    rows: u64,
    told: u64,
}

impl Shown {
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {human_pos} 行  {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar, state: Mutex::new(State::default()) }
    }

    /// Takes the bar off the terminal.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Shown {
    fn begin(&self, what: &str) {
        let Ok(mut state) = self.state.lock() else { return };
        *state = State { stage: what.to_owned(), ..State::default() };
        match &self.bar {
            Some(bar) => {
                bar.set_position(0);
                bar.set_message(what.to_owned());
            }
            None => eprintln!("{what}…"),
        }
    }

    fn advance(&self, rows: u64) {
        let Ok(mut state) = self.state.lock() else { return };
        state.rows += rows;
        match &self.bar {
            Some(bar) => bar.set_position(state.rows),
            None if state.rows / ROWS_A_LINE > state.told => {
                state.told = state.rows / ROWS_A_LINE;
                eprintln!("{}… {} 行", state.stage, state.rows);
            }
            None => {}
        }
    }
}
