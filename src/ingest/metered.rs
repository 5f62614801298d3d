//! A file reader that notices when one cell swallows suspiciously many compressed bytes.
//!
//! A streaming parser holds one XML text at a time, so a sheet of any size is harmless unless one text in it is huge. Deflate
//! packs at most 1032 : 1; so a cell that took few compressed bytes is small. Where a cell takes more — mostly a run of blank
//! rows — the texts of the file are measured once, without keeping them.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use zip::ZipArchive;

/// Compressed bytes for one cell; inflates to at most 132 MB. A full cell of 32,767 Chinese characters needs 70 KB.
const CELL_BUDGET: u64 = 128 << 10;
/// No honest text is as long: a cell holds at most 32,767 characters.
const LONGEST_TEXT: u64 = 16 << 20;

/// The part of a [`Metered`] that stays with the caller.
#[derive(Debug)]
pub struct Meter {
    left: AtomicU64,
    tripped: AtomicBool,
}

impl Meter {
    /// To be called before every cell.
    pub fn next_cell(&self) {
        self.left.store(CELL_BUDGET, Ordering::Relaxed);
    }

    /// Whether a read failed because of a huge text.
    pub fn tripped(&self) -> bool {
        self.tripped.load(Ordering::Relaxed)
    }
}

/// Reads a zip file under a [`Meter`]. Without limit until [`Meter::next_cell`] is called for the first time.
pub struct Metered<R> {
    inner: R,
    path: PathBuf,
    meter: Arc<Meter>,
    measured: bool,
}

impl<R> Metered<R> {
    pub fn new(inner: R, path: &Path) -> (Self, Arc<Meter>) {
        let meter = Arc::new(Meter { left: AtomicU64::new(u64::MAX), tripped: AtomicBool::new(false) });
        (Self { inner, path: path.to_path_buf(), meter: meter.clone(), measured: false }, meter)
    }

    fn over_budget(&mut self) -> io::Result<()> {
        if longest_text(&self.path)? > LONGEST_TEXT {
            self.meter.tripped.store(true, Ordering::Relaxed);
            return Err(io::Error::other("a text is too long"));
        }
        self.measured = true;
        Ok(())
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buf)?;
        if !self.measured {
            let left = self.meter.left.load(Ordering::Relaxed).saturating_sub(count as u64);
            self.meter.left.store(left, Ordering::Relaxed);
            if left == 0 {
                self.over_budget()?;
            }
        }
        Ok(count)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Bytes of the longest stretch without `<` in any member of the file; a worksheet may have any name.
fn longest_text(path: &Path) -> io::Result<u64> {
    let mut archive = ZipArchive::new(BufReader::new(std::fs::File::open(path)?))?;
    let mut longest = 0;
    let mut chunk = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut member = archive.by_index(index)?;
        let mut run = 0;
        loop {
            let count = member.read(&mut chunk)?;
            if count == 0 || longest > LONGEST_TEXT {
                break;
            }
            for piece in chunk[..count].split_inclusive(|&byte| byte == b'<') {
                run += piece.len() as u64;
                longest = longest.max(run);
                if piece.ends_with(b"<") {
                    run = 0;
                }
            }
        }
    }
    Ok(longest)
}
