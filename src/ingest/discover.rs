//! Which files of a folder are tables.

use std::path::{Path, PathBuf};

use crate::diag::{Code, Diag};

const EXTENSIONS: [&str; 8] = ["xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "txt", "tsv"];

/// The table files directly in and below `folder`, sorted by path; Office lock files (`~$…`), hidden ones and
/// those whose name begins with `_` are left out.
///
/// # Errors
/// `FolderMissing` and `FolderEmpty`.
pub fn discover(folder: &Path) -> Result<Vec<PathBuf>, Diag> {
    if !folder.is_dir() {
        return Err(Diag::error(Code::FolderMissing, format!("找不到数据文件夹「{}」", folder.display()))
            .in_file(folder)
            .help("检查路径是否写对，或用 --data 指定存放表格的文件夹"));
    }
    let mut files = Vec::new();
    walk(folder, &mut files)?;
    if files.is_empty() {
        return Err(Diag::error(Code::FolderEmpty, format!("数据文件夹「{}」里没有表格文件", folder.display()))
            .in_file(folder)
            .help("把当月导出的表格放进这个文件夹；认得的扩展名：xlsx、xlsm、xls、xlsb、ods、csv、txt、tsv"));
    }
    files.sort();
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Diag> {
    let unreadable = |error: std::io::Error| {
        Diag::error(Code::FileUnreadable, format!("文件夹「{}」打不开（{error}）", folder.display()))
            .in_file(folder)
            .help("检查是否有权限读取这个文件夹")
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(['.', '_']) || name.starts_with("~$") {
            continue;
        }
        // a link to a folder is not followed: it may lead back here
        if path.is_dir() {
            if !path.is_symlink() {
                walk(&path, files)?;
            }
        } else if extension(&path).is_some_and(|e| EXTENSIONS.contains(&e.as_str())) {
            files.push(path);
        }
    }
    Ok(())
}

/// Lower case, without the dot.
pub(super) fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_string_lossy().to_lowercase())
}
