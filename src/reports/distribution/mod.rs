//! `分送`: a folder for every recipient with what is theirs and nothing else: an office gets its copies and tables, a
//! department the forms, the register's rows, the points and scores and the findings of its own people and cases.

use std::collections::{BTreeMap, BTreeSet};

use super::notices::{self, Paper, Printed, Source};
use super::{Book, Month, audit, file_names, people};
use crate::diag::Diag;
use crate::rules::kinds::{Kind, SentTo};

/// Name of the folder.
pub const SENT: &str = "分送";
/// Above this many departments each gets one workbook instead of a folder.
const MOST_FOLDERS: usize = 100;

/// What one recipient gets.
#[derive(Default)]
struct Parcel<'m> {
    /// By name of the form.
    forms: Vec<(&'m str, Vec<Printed<'m>>)>,
    books: Vec<Book<'m>>,
    /// Named by a rule, not by the data.
    is_office: bool,
}

/// What is sent to whom.
pub struct Sent<'m>(BTreeMap<String, Parcel<'m>>);

/// The folder of each recipient. One for whatever packs have matter for them: names that become alike must stay apart.
pub fn folders<'s, 'm: 's>(sent: impl IntoIterator<Item = &'s Sent<'m>>) -> BTreeMap<String, String> {
    let recipients: BTreeSet<&String> = sent.into_iter().flat_map(|sent| sent.0.keys()).collect();
    let names = file_names::apart(recipients.iter().map(|name| name.as_str()));
    recipients.into_iter().cloned().zip(names).collect()
}

impl<'m> Sent<'m> {
    /// Everything that is sent; `whole` are the month's own workbooks.
    pub fn gather(source: &Source<'m>, whole: &[Book<'m>]) -> Self {
        let mut parcels: BTreeMap<String, Parcel<'m>> = BTreeMap::new();
        forms(source, &mut parcels);
        tables(source.month, whole, &mut parcels);
        if goes_to_units(source.month) {
            findings(source.month, &mut parcels);
        }
        Self(parcels)
    }

    /// Workbooks and forms of the company's own, each in its recipient's folder, or in that of a pack below it.
    pub fn packed(self, source: &Source<'m>, folders: &BTreeMap<String, String>, pack: Option<&str>) -> (Vec<Book<'m>>, Vec<Paper<'m>>) {
        let in_one = self.0.values().filter(|parcel| !parcel.is_office).count() > MOST_FOLDERS;
        let (mut sent, mut papers) = (Vec::new(), Vec::new());
        for (recipient, parcel) in self.0 {
            let Some(folder) = folders.get(&recipient) else { continue };
            let (above, name) = match pack {
                None => (SENT.to_owned(), folder.as_str()),
                Some(pack) => (format!("{SENT}/{folder}"), pack),
            };
            let is_office = parcel.is_office;
            for printed in parcel.forms.iter().flat_map(|(_, forms)| forms).filter(|printed| source.has_own_form(printed.form)) {
                papers.push(Paper::new(printed.form, &printed.marks.join("、"), &format!("{above}/{name}/")));
            }
            let forms = parcel.forms.into_iter().flat_map(|(name, forms)| notices::of_name(source, name, forms));
            let books: Vec<Book<'m>> = forms.chain(parcel.books).collect();
            if in_one && !is_office {
                sent.push(bound(name, books).below(&above));
            } else {
                sent.extend(books.into_iter().map(|book| book.below(&format!("{above}/{name}"))));
            }
        }
        (sent, papers)
    }
}

/// The copies of each form, each to whom its rule sends it.
fn forms<'m>(source: &Source<'m>, parcels: &mut BTreeMap<String, Parcel<'m>>) {
    for form in source.month.notices.iter() {
        for copy in source.notice(form).iter().flat_map(|notice| &notice.copies) {
            let (name, is_office) = match &copy.to {
                Some(SentTo::Office(name)) => (name, true),
                Some(SentTo::Each(_)) if !form.unit.is_empty() => (&form.unit, false),
                _ => continue,
            };
            let parcel = parcels.entry(name.clone()).or_default();
            parcel.is_office |= is_office;
            let at = parcel.forms.iter().position(|(known, _)| *known == form.form).unwrap_or_else(|| {
                parcel.forms.push((&form.form, Vec::new()));
                parcel.forms.len() - 1
            });
            let forms = &mut parcel.forms[at].1;
            match forms.last_mut().filter(|printed| std::ptr::eq(printed.form, form)) {
                Some(printed) => printed.marks.push(copy.mark.clone()),
                None => forms.push(Printed { form, marks: vec![copy.mark.clone()] }),
            }
        }
    }
}

/// Whole tables to offices, and each department its own rows of the registers.
fn tables<'m>(month: &'m Month<'m>, whole: &[Book<'m>], parcels: &mut BTreeMap<String, Parcel<'m>>) {
    for book in whole {
        for name in book.send.iter().filter_map(|to| match to {
            SentTo::Office(name) => Some(name),
            SentTo::Each(_) => None,
        }) {
            let parcel = parcels.entry(name.clone()).or_default();
            parcel.is_office = true;
            parcel.books.push(book.clone().unlinked());
        }
    }
    let shares = whole.iter().flat_map(|book| book.shares.iter().cloned());
    for (unit, book) in shares.chain(people::parts(month)) {
        parcels.entry(unit).or_default().books.push(book.unlinked());
    }
}

fn goes_to_units(month: &Month<'_>) -> bool {
    let each = |to: &SentTo| matches!(to, SentTo::Each(_));
    month.rules.rules().any(|(_, rule)| match &rule.kind {
        Kind::Notice(notice) => notice.copies.iter().filter_map(|copy| copy.to.as_ref()).any(each),
        Kind::Statistic(statistic) => statistic.send.iter().any(each),
        _ => false,
    })
}

/// Each department what was found in its own cases; what is only suspected stays with those who look into it.
fn findings<'m>(month: &'m Month<'m>, parcels: &mut BTreeMap<String, Parcel<'m>>) {
    let mut by_unit: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let own = (0..).zip(month.findings.iter()).filter(|(_, finding)| !finding.unit.is_empty() && !finding.suspected);
    for (at, finding) in own {
        by_unit.entry(&finding.unit).or_default().push(at);
    }
    for (unit, rows) in by_unit {
        let book = Book::new(audit::FINDINGS, move || Ok(vec![audit::findings_of(month, unit, rows.clone())]));
        parcels.entry(unit.to_owned()).or_default().books.push(book.unlinked());
    }
}

/// All sheets of some books as one book; their own contents would point at the wrong places.
fn bound<'m>(title: &str, books: Vec<Book<'m>>) -> Book<'m> {
    Book::new(title, move || {
        let sheets = books.iter().map(Book::sheets).collect::<Result<Vec<_>, Diag>>()?;
        Ok(sheets.into_iter().flatten().filter(|sheet| sheet.name != notices::CONTENTS).collect())
    })
}
