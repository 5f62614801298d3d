//! The workbooks of a run of several packs: a folder a pack, and above them the overview, what waits to be mended, and one folder
//! for every recipient.

use std::path::{Path, PathBuf};

use super::distribution::{self, Sent};
use super::{Book, Month, file_names, notices, overview, own_books, rejects, write_books};
use crate::diag::Diags;
use crate::rules::{Pack, RuleSet};

/// One pack of the run.
#[derive(Debug)]
pub struct Part<'m> {
    pub pack: &'m Pack,
    /// Its folder below that of the period.
    pub folder: &'m str,
    /// Tables that every rule of the pack needs and the company does not keep.
    pub lacking: &'m [String],
    /// `None` where all of them are lacking.
    pub month: Option<Month<'m>>,
}

/// A folder for each pack, named by its title; none of them is that of what is sent.
pub fn pack_folders(rules: &RuleSet) -> Vec<String> {
    let titles = rules.packs.iter().map(|pack| pack.title.as_str());
    file_names::apart(std::iter::once(distribution::SENT).chain(titles)).split_off(1)
}

/// Writes everything into `folder`; `whole` is the month of all packs.
///
/// # Errors
/// What cannot be made or written, and every formula whose value is not what it should be.
pub fn write_several<'m>(whole: &'m Month<'m>, parts: &'m [Part<'m>], folder: &Path) -> Result<Vec<PathBuf>, Diags> {
    let sources: Vec<(&str, notices::Source<'m>)> =
        parts.iter().filter_map(|part| Some((part.folder, notices::Source::new(part.month.as_ref()?)))).collect();
    let mut books: Vec<Book<'m>> = vec![overview::book(whole, parts).with_contents(whole)];
    books.extend(rejects::books(whole));
    books.extend(super::rulings::book(whole).map(|book| book.with_contents(whole)));
    let mut sent: Vec<Sent<'m>> = Vec::new();
    for (pack, source) in &sources {
        let own = own_books(source)?;
        sent.push(Sent::gather(source, &own));
        books.extend(own.into_iter().map(|book| book.below(pack)));
    }
    let recipients = distribution::folders(&sent);
    let mut paths = Vec::new();
    for ((pack, source), sent) in sources.iter().zip(sent) {
        let mut papers = notices::papers(source, &format!("{pack}/"));
        let (more, to_send) = sent.packed(source, &recipients, Some(pack));
        books.extend(more.into_iter().map(|book| book.with_contents(source.month)));
        papers.extend(to_send);
        paths.extend(notices::write(source, &papers, folder)?);
    }
    paths.extend(write_books(whole, &books, folder)?);
    Ok(paths)
}
