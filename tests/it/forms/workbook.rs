//! A template as Excel writes it, by hand: shared texts with a hole split into runs, and one of everything that hangs on rows.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook};
use chrono::NaiveDate;
use kesu::diag::{Diag, render};
use kesu::reports::form::{FormData, Names, Template};
use kesu::reports::sheet::{Style, Value};
use rust_decimal::Decimal;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const MAIN: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Parts of a workbook by name; the repeating row is row 5 of the sheet 通知单.
pub struct Workbook {
    pub parts: BTreeMap<String, Vec<u8>>,
}

impl Workbook {
    pub fn new() -> Self {
        let mut book = Self { parts: BTreeMap::new() };
        book.put("[Content_Types].xml", CONTENT_TYPES);
        book.put("_rels/.rels", &relations(&[("rId1", "officeDocument", "xl/workbook.xml")]));
        book.put("docProps/app.xml", "<Properties><Application>Microsoft Excel</Application></Properties>");
        book.put("xl/workbook.xml", &format!("<workbook {MAIN}>{WORKBOOK}</workbook>"));
        book.put(
            "xl/_rels/workbook.xml.rels",
            &relations(&[
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId2", "worksheet", "/xl/worksheets/sheet2.xml"),
                ("rId3", "styles", "styles.xml"),
                ("rId4", "sharedStrings", "sharedStrings.xml"),
                ("rId5", "calcChain", "calcChain.xml"),
            ]),
        );
        book.put("xl/styles.xml", &format!("<styleSheet {MAIN}>{STYLES}</styleSheet>"));
        book.put("xl/sharedStrings.xml", &format!("<sst {MAIN} count=\"9\" uniqueCount=\"9\">{STRINGS}</sst>"));
        book.sheet(ROWS, TAIL);
        let notes = r#"<c r="A1" t="s"><v>8</v></c>"#;
        book.put("xl/worksheets/sheet2.xml", &format!("<worksheet {MAIN}><sheetData><row r=\"1\">{notes}</row></sheetData></worksheet>"));
        book.put(
            "xl/worksheets/_rels/sheet1.xml.rels",
            &relations(&[
                ("rId1", "drawing", "../drawings/drawing1.xml"),
                ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
                ("rId3", "comments", "../comments1.xml"),
                ("rId4", "printerSettings", "../printerSettings/printerSettings1.bin"),
            ]),
        );
        book.put("xl/drawings/drawing1.xml", DRAWING);
        book.put("xl/drawings/vmlDrawing1.vml", VML);
        book.put(
            "xl/comments1.xml",
            &format!("<comments {MAIN}><commentList><comment ref=\"D6\" authorId=\"0\"/></commentList></comments>"),
        );
        book.put("xl/calcChain.xml", &format!("<calcChain {MAIN}><c r=\"D6\" i=\"1\"/><c r=\"E5\"/></calcChain>"));
        book.parts.insert("xl/media/image1.png".into(), (0..=255).collect());
        book.parts.insert("xl/printerSettings/printerSettings1.bin".into(), vec![7; 300]);
        book
    }

    pub fn put(&mut self, name: &str, text: &str) {
        let declared = if name.ends_with(".vml") { text.to_owned() } else { format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}") };
        self.parts.insert(name.to_owned(), declared.into_bytes());
    }

    /// The form's sheet with other rows, and other things below them.
    pub fn sheet(&mut self, rows: &str, tail: &str) {
        let head = r#"<dimension ref="A1:E7"/><sheetViews><sheetView workbookViewId="0"><selection activeCell="D7" sqref="D7"/></sheetView></sheetViews>"#;
        self.put("xl/worksheets/sheet1.xml", &format!("<worksheet {MAIN}>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>"));
    }

    pub fn replace(&mut self, part: &str, before: &str, after: &str) {
        let text = String::from_utf8(self.parts[part].clone()).unwrap();
        assert!(text.contains(before), "{part} has no {before}");
        self.parts.insert(part.to_owned(), text.replace(before, after).into_bytes());
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.parts {
            let method = if name.ends_with(".png") { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            writer.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Fills the template and returns the filled file.
    pub fn fill(&self, data: &FormData<'_>) -> Filled {
        self.try_fill(data).unwrap_or_else(|problems| panic!("{}", said(&problems)))
    }

    pub fn try_fill(&self, data: &FormData<'_>) -> Result<Filled, Vec<Diag>> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("模板.xlsx");
        std::fs::write(&file, self.bytes()).unwrap();
        let path = folder.path().join("填好.xlsx");
        let filled = Template::open(&file, &names()).and_then(|template| template.fill(data, &path));
        match filled {
            Ok(()) => Ok(Filled { template: file, path, _folder: folder }),
            Err(problems) => {
                assert!(!path.exists(), "nothing is written where something is wrong");
                Err(problems)
            }
        }
    }

    /// What the program says of a template that it refuses.
    pub fn refused(&self) -> String {
        said(&self.try_fill(&lines(2)).err().expect("refused"))
    }
}

pub fn said(problems: &[Diag]) -> String {
    problems.iter().map(render).collect::<Vec<_>>().join("\n")
}

/// A filled form beside its template.
pub struct Filled {
    pub template: PathBuf,
    pub path: PathBuf,
    /// Holds both files.
    pub _folder: tempfile::TempDir,
}

impl Filled {
    pub fn part(&self, name: &str) -> String {
        let mut archive = ZipArchive::new(std::fs::File::open(&self.path).unwrap()).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    pub fn sheet(&self) -> String {
        self.part("xl/worksheets/sheet1.xml")
    }

    /// Values of the form's sheet as another program reads them.
    pub fn values(&self) -> Range<Data> {
        let mut book: Xlsx<_> = open_workbook(&self.path).unwrap();
        book.worksheet_range("通知单").unwrap()
    }

    pub fn value(&self, cell: &str) -> Data {
        let column = u32::from(cell.as_bytes()[0] - b'A');
        let row: u32 = cell[1..].parse().unwrap();
        self.values().get_value((row - 1, column)).cloned().unwrap_or(Data::Empty)
    }

    /// Name, CRC and packed bytes of every member.
    pub fn members(path: &Path) -> Vec<(String, u32, Vec<u8>)> {
        let mut archive = ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut member = archive.by_index_raw(index).unwrap();
                let mut packed = Vec::new();
                let (name, crc) = (member.name().unwrap().to_string(), member.crc32());
                member.read_to_end(&mut packed).unwrap();
                (name, crc, packed)
            })
            .collect()
    }
}

pub fn names() -> Names {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Names {
        heading: owned(&["单据编号", "受文", "单据日期", "合计金额"]), line: owned(&["序号", "案由", "日期", "金额"])
    }
}

pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// A notice of `count` lines: line k is 100k yuan and five fen.
pub fn lines(count: u32) -> FormData<'static> {
    let line = |k: u32| {
        vec![
            Value::Int(k.into()),
            Value::text(format!("=案由 {k}")),
            Value::Date(day(10, k % 28 + 1)),
            Value::Number(Decimal::new(i64::from(k) * 10_000 + 5, 2)),
        ]
    };
    FormData {
        heading: vec![
            ("单据编号", Value::text("JF-202610-001"), Style::Text),
            ("受文", Value::text("生产部 <一厂> & \"二厂\""), Style::Text),
            ("单据日期", Value::Date(day(10, 31)), Style::Date),
            ("合计金额", Value::Number(Decimal::new(123_456_750, 2)), Style::Money),
        ],
        columns: vec![("序号", Style::Centre), ("案由", Style::Wrapped), ("日期", Style::Date), ("金额", Style::Money)],
        lines: (1..=count).map(line).collect(),
    }
}

fn relations(targets: &[(&str, &str, &str)]) -> String {
    let one = |(id, kind, target): &(&str, &str, &str)| format!(r#"<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"/>"#);
    let all: String = targets.iter().map(one).collect();
    format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{all}</Relationships>"#)
}

const CONTENT_TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;

const WORKBOOK: &str = r#"<sheets><sheet name="通知单" sheetId="1" r:id="rId1"/><sheet name="填写说明" sheetId="2" r:id="rId2"/></sheets><definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">通知单!$A$1:$E$7</definedName><definedName name="_xlnm.Print_Titles" localSheetId="0">通知单!$4:$4</definedName></definedNames><calcPr calcId="191029"/>"#;

/// Style 1 shows money, style 2 a day.
const STYLES: &str = r##"<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="4"><alignment wrapText="1"/></xf><xf numFmtId="164"/></cellXfs>"##;

const STRINGS: &str = r#"<si><t>{{单据编号}}</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">受文:{</t></r><r><rPr><sz val="9"/></rPr><t>{受</t></r><r><t>文}} 启</t></r></si><si><t>{{单据日期}}</t></si><si><t>{{序号}}</t></si><si><t>{{ 案由 }}</t></si><si><t>{{日期}}</t></si><si><t>{{金额}}</t></si><si><t>合计</t></si><si><t>原样</t></si>"#;

/// 1 the number, 2 the recipient, 3 the day and a sentence, 4 headings, 5 repeats, 6 the sum, 7 the signature.
pub const ROWS: &str = concat!(
    r#"<row r="1" ht="30" customHeight="1"><c r="A1" s="1" t="s"><v>0</v></c></row>"#,
    r#"<row r="2" ht="15"><c r="A2" t="s"><v>1</v></c><c r="B2" s="2"/></row>"#,
    r#"<row r="3"><c r="A3" s="2" t="s"><v>2</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" t="inlineStr"><is><t>编号 {{单据编号}},共 {{合计金额}} 元,{{单据日期}}</t></is></c></row>"#,
    r#"<row r="4"><c r="A4" t="s"><v>8</v></c></row>"#,
    r#"<row r="5" spans="1:5"><c r="A5" t="s"><v>3</v></c><c r="B5" s="1" t="s"><v>4</v></c><c r="C5" s="2" t="s"><v>5</v></c><c r="D5" s="1" t="s"><v>6</v></c><c r="E5" s="1"><f>D5*2</f><v>0</v></c></row>"#,
    r#"<row r="6"><c r="A6" t="s"><v>7</v></c><c r="D6" s="1"><f>SUM(D5:D5)</f><v>0</v></c></row>"#,
    r#"<row r="7" ht="44" customHeight="1"><c r="A7"><v>7</v></c></row>"#,
);

const TAIL: &str = concat!(
    r#"<autoFilter ref="A4:E5"/>"#,
    r#"<mergeCells count="3"><mergeCell ref="A1:E1"/><mergeCell ref="B5:C5"/><mergeCell ref="A7:C7"/></mergeCells>"#,
    r#"<conditionalFormatting sqref="D5"><cfRule type="expression" priority="1"><formula>$D5&gt;D$6/2</formula></cfRule></conditionalFormatting>"#,
    r#"<dataValidations count="1"><dataValidation type="list" sqref="C5 A6"><formula1>$A$6:$A$7</formula1></dataValidation></dataValidations>"#,
    r#"<hyperlinks><hyperlink ref="A6" location="通知单!A7"/></hyperlinks>"#,
    r#"<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>"#,
    r#"<pageSetup paperSize="9" orientation="portrait" r:id="rId4"/>"#,
    r#"<headerFooter><oddFooter>第 &amp;P 页</oddFooter></headerFooter>"#,
    r#"<rowBreaks count="2" manualBreakCount="2"><brk id="4" max="16383" man="1"/><brk id="6" max="16383" man="1"/></rowBreaks>"#,
    r#"<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>"#,
);

/// A picture above, one below, one across the repeating row that keeps its size, and one that does not.
const DRAWING: &str = concat!(
    r#"<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">"#,
    r#"<xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>0</xdr:row></xdr:from></xdr:oneCellAnchor>"#,
    r#"<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>5</xdr:row></xdr:from><xdr:to><xdr:col>2</xdr:col><xdr:row>6</xdr:row></xdr:to></xdr:twoCellAnchor>"#,
    r#"<xdr:twoCellAnchor editAs="oneCell"><xdr:from><xdr:col>3</xdr:col><xdr:row>3</xdr:row></xdr:from><xdr:to><xdr:col>4</xdr:col><xdr:row>6</xdr:row></xdr:to></xdr:twoCellAnchor>"#,
    r#"<xdr:twoCellAnchor><xdr:from><xdr:col>5</xdr:col><xdr:row>4</xdr:row></xdr:from><xdr:to><xdr:col>6</xdr:col><xdr:row>5</xdr:row></xdr:to></xdr:twoCellAnchor>"#,
    r#"</xdr:wsDr>"#,
);

const VML: &str = r#"<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="s1"><x:ClientData ObjectType="Note"><x:Anchor>4, 15, 5, 2, 6, 31, 8, 1</x:Anchor><x:Row>5</x:Row><x:Column>3</x:Column></x:ClientData></v:shape></xml>"#;
