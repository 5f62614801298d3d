//! Where a form's pages end on upright A4, so that nobody signs on a page without a line and no case is cut in two.

use crate::reports::layout;
use crate::reports::sheet::Column;

/// Left free, as programs round heights differently.
const SAFE: f64 = 0.96;

/// Points of rows that go on one page with these columns, which are printed no wider than the page. With a face that is wider
/// than 宋体 the page is printed smaller, and more goes on it.
pub(super) fn room(columns: &[Column]) -> f64 {
    layout::room(columns, false) * SAFE
}

/// The lines with which further pages begin, and what is left on the last page. `head`, `runs_on` and `tail`: what stands
/// above the first page's lines, above those of further pages, and below the last line, which takes `along` lines with it
/// to a page of its own.
pub(super) fn pages(lines: &[f64], (head, runs_on, tail): (f64, f64, f64), room: f64, along: usize) -> (Vec<usize>, f64) {
    let mut begins = Vec::new();
    let (mut used, mut first) = (head, 0);
    for (at, line) in lines.iter().enumerate() {
        if used + line > room && at > first {
            begins.push(at);
            (used, first) = (runs_on, at);
        }
        used += line;
    }
    if used + tail > room {
        let at = lines.len().saturating_sub(along).max(first + 1);
        if at < lines.len() {
            begins.push(at);
            used = runs_on + lines[at..].iter().sum::<f64>();
        }
    }
    (begins, room - used - tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: f64 = 100.0;

    #[test]
    fn what_fits_is_one_page() {
        assert_eq!(pages(&[10.0; 5], (20.0, 10.0, 30.0), ROOM, 2), (vec![], 0.0));
    }

    #[test]
    fn signatures_that_do_not_fit_take_the_last_lines_along() {
        assert_eq!(pages(&[10.0; 6], (20.0, 10.0, 30.0), ROOM, 2), (vec![4], 40.0));
    }

    #[test]
    fn a_page_ends_before_the_line_that_would_not_fit() {
        // 8 lines on the first page, 9 on the second, and 3 with the signatures
        assert_eq!(pages(&[10.0; 20], (20.0, 10.0, 30.0), ROOM, 2), (vec![8, 17], 30.0));
    }

    #[test]
    fn lines_taken_along_leave_at_least_one_behind() {
        assert_eq!(pages(&[40.0, 40.0], (20.0, 10.0, 30.0), ROOM, 2), (vec![1], 20.0));
        assert_eq!(pages(&[90.0], (20.0, 10.0, 30.0), ROOM, 2).0, Vec::<usize>::new(), "a single line cannot be parted");
    }
}
