//! The words of everything that can be wrong with a file.

use std::path::Path;

use crate::diag::{CellRef, Code, Diag, Place};

const SAVE_AGAIN: &str = "用 Excel 或 WPS 打开该文件，另存为「Excel 工作簿 (*.xlsx)」后放回原处";

pub fn unreadable(path: &Path, error: &std::io::Error) -> Diag {
    Diag::error(Code::FileUnreadable, format!("文件打不开（{error}）"))
        .in_file(path)
        .help("检查文件是否还在、是否正被别的程序独占、是否有权限读取")
}

pub fn damaged(path: &Path, detail: &str) -> Diag {
    Diag::error(Code::FileDamaged, format!("文件已损坏，读不出来：{detail}"))
        .in_file(path)
        .help(format!("重新导出或重新下载该文件；若能打开，{SAVE_AGAIN}"))
}

pub fn encrypted(path: &Path) -> Diag {
    Diag::error(Code::FileEncrypted, "文件有打开密码，读不了").in_file(path).help("用密码打开后取消密码，另存为不加密的文件再放回原处")
}

pub fn too_large(path: &Path, what: &str) -> Diag {
    Diag::error(Code::FileTooLarge, format!("文件超过限额：{what}"))
        .in_file(path)
        .help("确认文件来源可靠；若确实需要，可拆成几个文件，或在 kesu.toml 的 [limits] 里放宽这一项")
}

pub fn unsupported(path: &Path, what: &str) -> Diag {
    Diag::error(Code::FileUnsupported, what).in_file(path).help(SAVE_AGAIN)
}

pub fn stopped(path: &Path, why: &str) -> Diag {
    Diag::error(Code::ReaderStopped, format!("读取这个文件的子进程中止：{why}")).in_file(path).help(SAVE_AGAIN)
}

pub fn in_sheet(path: &Path, sheet: &str) -> Place {
    Place::Sheet { file: path.to_path_buf(), sheet: sheet.to_owned() }
}

/// Rows before the damage may already be in use, so this stops a run.
pub fn sheet_broken(path: &Path, sheet: &str, detail: &str) -> Diag {
    Diag::error(Code::FileDamaged, format!("工作表「{sheet}」没有读完：{detail}")).at(in_sheet(path, sheet)).help(SAVE_AGAIN)
}

pub fn sheet_unopened(path: &Path, sheet: &str, detail: &str) -> Diag {
    Diag::warning(Code::FileDamaged, format!("工作表「{sheet}」打不开，没有读：{detail}"))
        .at(in_sheet(path, sheet))
        .help(format!("若这张表有用，{SAVE_AGAIN}"))
}

pub fn cell_lost(path: &Path, sheet: &str, row: u32, detail: &str) -> Diag {
    Diag::error(Code::CellError, format!("工作表「{sheet}」第 {row} 行附近有一格读不懂：{detail}"))
        .at(in_sheet(path, sheet))
        .help("在 Excel 里改正这一格（例如清掉错误值），保存后再运行")
}

pub fn cell_cut(path: &Path, sheet: &str, cell: CellRef, chars: usize, kept: usize) -> Diag {
    Diag::warning(Code::CellTooLong, format!("这一格有 {chars} 个字，超过 {kept} 个的部分没有读"))
        .at(Place::Cell { file: path.to_path_buf(), sheet: sheet.to_owned(), cell })
        .help("若不是误贴，请把内容缩短或放到附件里")
}
