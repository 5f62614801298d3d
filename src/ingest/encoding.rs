//! Which encoding a text file is in.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

const CHUNK: usize = 64 << 10;
/// One broken character in fifty or fewer: the file is UTF-8 with damage, not another encoding.
const DAMAGE: u64 = 50;

/// The encoding of a file and how sure that is.
pub struct Guess {
    pub encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    pub mark: usize,
    /// The file does not say so itself, and other encodings would do as well.
    pub guessed: bool,
}

impl Guess {
    /// As users know it.
    pub fn name(&self) -> String {
        self.encoding.name().to_uppercase()
    }

    /// Chinese, for the report: `GB18030(推定)`.
    pub fn words(&self) -> String {
        match (self.mark > 0, self.guessed) {
            (true, _) => format!("{}（有 BOM 标记）", self.name()),
            (false, true) => format!("{}（推定）", self.name()),
            (false, false) => self.name(),
        }
    }
}

/// Reads the whole file once; keeps nothing of it.
pub fn detect(path: &Path) -> io::Result<Guess> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(CHUNK as u64).read_to_end(&mut head)?;
    if let Some((encoding, mark)) = Encoding::for_bom(&head) {
        return Ok(Guess { encoding, mark, guessed: false });
    }
    if let Some(encoding) = wide(&head) {
        return Ok(Guess { encoding, mark: 0, guessed: true });
    }
    let survey = survey(&mut head.as_slice().chain(file))?;
    let chance = survey.chinese && survey.unlikely > 0 && survey.unlikely == survey.whole;
    let encoding = if survey.broken * DAMAGE <= survey.whole && !chance {
        UTF_8
    } else if survey.chinese {
        GB18030
    } else {
        survey.detector.guess(Some(b"cn"), Utf8Detection::Deny)
    };
    Ok(Guess { encoding, mark: 0, guessed: survey.broken > 0 || chance })
}

/// UTF-16 without a mark: digits, separators and line ends have a zero byte on one side. (一 is `4E 00` and looks like an `N` the
/// wrong way round.)
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    let plain = |byte: u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let pairs = || head.chunks_exact(2).map(|pair| (pair[0], pair[1]));
    let little = pairs().filter(|&(low, high)| high == 0 && plain(low)).count();
    let big = pairs().filter(|&(high, low)| high == 0 && plain(low)).count();
    let enough = (head.len() / 100).max(1);
    if little >= enough && little > 2 * big {
        Some(UTF_16LE)
    } else if big >= enough && big > 2 * little {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether the beginning of a file cannot be text in any encoding.
pub fn looks_binary(head: &[u8]) -> bool {
    if Encoding::for_bom(head).is_some() || wide(head).is_some() {
        return false;
    }
    let odd = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1A | 0x1C..=0x1F);
    head.contains(&0) || head.iter().filter(|&&byte| odd(byte)).count() * 100 > head.len()
}

struct Survey {
    /// Characters of several bytes that are valid UTF-8.
    whole: u64,
    /// Of these, the ones that a Chinese office hardly writes: what a few GBK bytes can be mistaken for.
    unlikely: u64,
    broken: u64,
    /// Valid GB18030 throughout.
    chinese: bool,
    detector: EncodingDetector,
}

fn survey(source: &mut impl Read) -> io::Result<Survey> {
    let mut survey = Survey { whole: 0, unlikely: 0, broken: 0, chinese: true, detector: EncodingDetector::new(Iso2022JpDetection::Deny) };
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut scratch = vec![0u8; CHUNK * 3 + 16];
    let mut chunk = vec![0u8; CHUNK];
    let mut kept = 0;
    loop {
        let count = source.read(&mut chunk[kept..])?;
        let last = count == 0;
        let fresh = &chunk[kept..kept + count];
        if !fresh.is_ascii() || last {
            survey.detector.feed(fresh, last);
        }
        if survey.chinese {
            let (outcome, _, _) = decoder.decode_to_utf8_without_replacement(fresh, &mut scratch, last);
            survey.chinese = matches!(outcome, DecoderResult::InputEmpty);
        }
        kept = count_utf8(&mut chunk, kept + count, last, &mut survey);
        if last {
            return Ok(survey);
        }
    }
}

/// Counts characters in the first `filled` bytes; moves an unfinished one at the end to the front and returns its length.
fn count_utf8(chunk: &mut [u8], filled: usize, last: bool, survey: &mut Survey) -> usize {
    if chunk[..filled].is_ascii() {
        return 0;
    }
    let mut unfinished = 0;
    let mut pieces = chunk[..filled].utf8_chunks().peekable();
    while let Some(piece) = pieces.next() {
        for wide in piece.valid().chars().filter(|c| !c.is_ascii()) {
            survey.whole += 1;
            survey.unlikely += u64::from(('\u{100}'..'\u{2000}').contains(&wide));
        }
        let invalid = piece.invalid();
        if invalid.is_empty() {
            continue;
        }
        let cut_off = std::str::from_utf8(invalid).is_err_and(|e| e.error_len().is_none());
        if pieces.peek().is_none() && cut_off && !last {
            unfinished = invalid.len();
        } else {
            survey.broken += 1;
        }
    }
    chunk.copy_within(filled - unfinished..filled, 0);
    unfinished
}
