//! One sheet from its reader to its sink, parsing and using side by side when the sheet is large.

use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use super::SheetSink;
use super::cell::RowBatch;
use super::gather::{Gather, Next, Stop};
use super::shield::shielded;

/// Full batches that may wait for the sink.
const AHEAD: usize = 4;

/// Whether the sink may run beside the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    OneThread,
    TwoThreads,
}

/// Sends a sheet's rows to `sink`. A sheet of one batch never costs a thread.
pub fn pump<'a>(mut next: impl FnMut() -> Next<'a>, gather: &mut Gather<'a, '_>, sink: &mut dyn SheetSink, pace: Pace) -> Result<(), Stop> {
    let mut fill = |batch: &mut RowBatch<'a>| {
        let outcome = shielded(|| gather.fill(batch, &mut next));
        outcome.unwrap_or_else(|_| Err(Stop("内容有误，解析中断".to_owned())))
    };
    let mut batch = RowBatch::default();
    let mut more = fill(&mut batch)?;
    if !more || pace == Pace::OneThread {
        loop {
            if !batch.is_empty() && sink.rows(&batch).is_break() || !more {
                return Ok(());
            }
            batch.clear();
            more = fill(&mut batch)?;
        }
    }
    thread::scope(|scope| {
        let (full, to_use) = sync_channel::<RowBatch<'a>>(AHEAD);
        let (used, to_fill) = channel::<RowBatch<'a>>();
        scope.spawn(move || {
            for batch in to_use {
                if sink.rows(&batch).is_break() {
                    break;
                }
                // the reader may be gone already
                let _ = used.send(batch);
            }
        });
        loop {
            if full.send(batch).is_err() || !more {
                return Ok(());
            }
            batch = to_fill.try_recv().unwrap_or_default();
            batch.clear();
            more = fill(&mut batch)?;
        }
    })
}
