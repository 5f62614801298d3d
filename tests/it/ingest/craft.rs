//! Files made for one test.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// A workbook of sheets given as `(name, what stands between <sheetData> and its end)`.
pub fn workbook(folder: &Path, name: &str, sheets: &[(&str, &str)], packed: bool) -> PathBuf {
    workbook_with(folder, name, sheets, None, packed)
}

/// The same with a `sharedStrings.xml`.
pub fn workbook_with(folder: &Path, name: &str, sheets: &[(&str, &str)], strings: Option<&str>, packed: bool) -> PathBuf {
    const SPACE: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let path = folder.join(name);
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    let method = if packed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
    let mut member = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    member("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#);
    let root = format!(r#"<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>"#);
    member("_rels/.rels", &format!(r#"<Relationships xmlns="{PACKAGE}">{root}</Relationships>"#));
    let (mut listed, mut relations) = (String::new(), String::new());
    for (index, (name, _)) in (1..).zip(sheets) {
        listed += &format!(r#"<sheet name="{name}" sheetId="{index}" r:id="s{index}"/>"#);
        relations += &format!(r#"<Relationship Id="s{index}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{index}.xml"/>"#);
    }
    member("xl/workbook.xml", &format!(r#"<workbook {SPACE} xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>"#));
    member("xl/_rels/workbook.xml.rels", &format!(r#"<Relationships xmlns="{PACKAGE}">{relations}</Relationships>"#));
    if let Some(strings) = strings {
        member("xl/sharedStrings.xml", strings);
    }
    for (index, (_, data)) in (1..).zip(sheets) {
        member(&format!("xl/worksheets/sheet{index}.xml"), &format!("<worksheet {SPACE}><sheetData>{data}</sheetData></worksheet>"));
    }
    zip.finish().unwrap();
    path
}

/// One cell with text in it.
pub fn inline(cell: &str, text: &str) -> String {
    format!(r#"<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}
