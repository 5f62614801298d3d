//! A reader that hands on text of any encoding as UTF-8 with `\n` line ends.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, Encoding};

const CHUNK: usize = 64 << 10;

/// The part of a [`Utf8`] reader that stays with the caller.
#[derive(Debug, Default)]
pub struct Watch {
    since_record: AtomicU64,
    errors: AtomicU64,
    quotes: AtomicU64,
}

impl Watch {
    /// To be called before every record.
    pub fn next_record(&self) {
        self.since_record.store(0, Ordering::Relaxed);
    }

    /// Stretches of input that had at least one byte that could not be decoded.
    pub fn had_errors(&self) -> bool {
        self.errors.load(Ordering::Relaxed) > 0
    }

    /// Whether the quotes seen so far cannot all be in pairs.
    pub fn quotes_are_odd(&self) -> bool {
        self.quotes.load(Ordering::Relaxed) % 2 == 1
    }
}

/// Decodes, turns `\r\n` and `\r` into `\n`, and ends the last line if the file does not.
pub struct Utf8<R> {
    inner: R,
    decoder: Decoder,
    /// Read as a comma that csv knows; a full-width comma is no single byte.
    separator: Option<char>,
    record_limit: u64,
    watch: Arc<Watch>,
    raw: Vec<u8>,
    text: String,
    given: usize,
    after_cr: bool,
    ended: bool,
    last: u8,
}

/// Stands for a delimiter that is not ASCII.
pub const UNIT_SEPARATOR: u8 = 0x1F;

impl<R: Read> Utf8<R> {
    /// `record_limit`: bytes after which a record without an end is an error.
    pub fn new(inner: R, encoding: &'static Encoding, separator: Option<char>, record_limit: u64) -> (Self, Arc<Watch>) {
        let watch = Arc::new(Watch::default());
        let reader = Self {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            separator,
            record_limit,
            watch: watch.clone(),
            raw: vec![0; CHUNK],
            text: String::with_capacity(CHUNK * 3 + 16),
            given: 0,
            after_cr: false,
            ended: false,
            last: b'\n',
        };
        (reader, watch)
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            let count = self.inner.read(&mut self.raw)?;
            self.ended = count == 0;
            // the string has room for the longest outcome of a chunk
            let (_, _, errors) = self.decoder.decode_to_string(&self.raw[..count], &mut self.text, self.ended);
            self.watch.errors.fetch_add(u64::from(errors), Ordering::Relaxed);
            self.mend_line_ends();
            if let Some(separator) = self.separator {
                self.text = self.text.replace(separator, "\u{1F}");
                self.text.reserve(CHUNK * 3 + 16);
            }
            let quotes = self.text.bytes().filter(|&byte| byte == b'"').count();
            self.watch.quotes.fetch_add(quotes as u64, Ordering::Relaxed);
            self.last = self.text.as_bytes().last().copied().unwrap_or(self.last);
            if self.ended && self.last != b'\n' {
                self.text.push('\n');
            }
        }
        let since = self.watch.since_record.fetch_add(self.text.len() as u64, Ordering::Relaxed);
        if since > self.record_limit {
            return Err(io::Error::other("a record does not end"));
        }
        Ok(())
    }

    fn mend_line_ends(&mut self) {
        if self.after_cr && self.text.starts_with('\n') {
            self.text.remove(0);
            self.after_cr = false;
        }
        if !self.text.is_empty() {
            self.after_cr = self.text.ends_with('\r');
        }
        if self.text.contains('\r') {
            let mended = self.text.replace("\r\n", "\n").replace('\r', "\n");
            self.text.clear();
            self.text.push_str(&mended);
        }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        let rest = &self.text.as_bytes()[self.given..];
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}
