//! Rows of one dataset that claim the same key, within a sheet and across sheets.

use polars::prelude::*;
use rayon::slice::ParallelSliceMut;

use super::Duplicate;
use super::build::Chunk;
use super::table::Origin;
use crate::rules::Dataset;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All fields are the same.
    Identical,
    /// Only the key is.
    Differs,
}

/// Every row whose key came before, as `(chunk, index)`, in order of source and row. Hashes only point at candidates;
/// the values decide. Datasets without a key have no duplicates.
pub fn find(dataset: &Dataset, chunks: &[Chunk]) -> Vec<(Duplicate, (usize, u32), Verdict)> {
    let keys: Vec<usize> = dataset.key.iter().filter_map(|name| dataset.fields.iter().position(|f| f.name == *name)).collect();
    if keys.is_empty() {
        return Vec::new();
    }
    let mut entries: Vec<(u64, u32, u32)> = Vec::with_capacity(chunks.iter().map(|c| c.rows.len()).sum());
    for (chunk, at) in chunks.iter().zip(0u32..) {
        entries.extend(chunk.key_hashes.iter().zip(0u32..).map(|(hash, index)| (*hash, at, index)));
    }
    entries.par_sort_unstable();
    let mut found = Vec::new();
    for group in entries.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let mut firsts: Vec<(usize, u32)> = Vec::new();
        for &(_, chunk, index) in group {
            let here = (chunk as usize, index);
            let Some(&first) = firsts.iter().find(|first| same(chunks, **first, here, keys.iter().copied())) else {
                firsts.push(here);
                continue;
            };
            let hash = |(chunk, index): (usize, u32)| chunks[chunk].row_hashes[index as usize];
            let identical = hash(first) == hash(here) && same(chunks, first, here, 0..dataset.fields.len());
            let duplicate = Duplicate {
                dataset: dataset.name.clone(),
                key: show_key(chunks, here, &keys),
                first: origin(chunks, first),
                second: origin(chunks, here),
                identical,
            };
            found.push((duplicate, here, if identical { Verdict::Identical } else { Verdict::Differs }));
        }
    }
    found.sort_by_key(|(_, here, _)| *here);
    found
}

fn origin(chunks: &[Chunk], (chunk, index): (usize, u32)) -> Origin {
    Origin { source: chunks[chunk].source, row: chunks[chunk].rows[index as usize] }
}

fn same(chunks: &[Chunk], a: (usize, u32), b: (usize, u32), mut fields: impl Iterator<Item = usize>) -> bool {
    fields.all(|field| value(chunks, a, field) == value(chunks, b, field))
}

fn value(chunks: &[Chunk], (chunk, index): (usize, u32), field: usize) -> AnyValue<'_> {
    chunks[chunk].columns[field].get(index as usize)
}

fn show_key(chunks: &[Chunk], here: (usize, u32), keys: &[usize]) -> String {
    let parts = keys.iter().map(|&key| value(chunks, here, key)).filter(|v| !v.is_null()).map(|v| v.str_value().into_owned());
    parts.collect::<Vec<_>>().join(" / ")
}
