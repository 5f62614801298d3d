//! The month's workbooks: what they say, what a spreadsheet program reads in them, and that nothing is lost on the way.

#[path = "reports/fixture.rs"]
mod fixture;

use kesu::reports::write_all;

use fixture::Fixture;

#[test]
fn draft() {
    let fixture = Fixture::new();
    let folder = std::path::PathBuf::from("/tmp/x-reports");
    std::fs::create_dir_all(&folder).unwrap();
    write_all(&fixture.month(), &folder).unwrap();
    for book in kesu::reports::books(&fixture.month()) {
        println!("=== {}", book.file);
        for sheet in book.sheets().unwrap() {
            println!("{}", kesu::reports::text::render(&sheet));
        }
    }
}
