//! The one way to say that an output cannot be written.

use std::io;
use std::path::Path;

use super::{Code, Diag};

/// The error for a path that cannot be written, the full disk included.
pub fn unwritable(path: &Path, error: &io::Error) -> Diag {
    let (message, help) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            ("磁盘已满，输出没有写成，上次的输出未动".to_owned(), "腾出空间，或把输出指到别的磁盘，再运行一次")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            ("没有写入权限，上次的输出未动".to_owned(), "换一个可写的文件夹，或请管理员开放权限")
        }
        _ => (format!("写不进去：{error}；上次的输出未动"), "检查路径是否存在、是否被别的程序占用"),
    };
    Diag::error(Code::OutputUnwritable, message).in_file(path).help(help)
}
