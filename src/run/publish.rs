//! Outputs appear whole or not at all: written into a folder beside, then put in place in one step.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diag::{Code, Diag, unwritable};
use crate::fault;

/// A folder that becomes `target` when [`Staging::publish`] is called; dropped before, it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    folder: tempfile::TempDir,
}

impl Staging {
    /// # Errors
    /// The parent of `target` cannot be written, or a workbook in `target` is open in another program.
    pub fn beside(target: &Path) -> Result<Self, Diag> {
        let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(|e| unwritable(parent, &e))?;
        if let Some(open) = open_elsewhere(target) {
            return Err(Diag::error(Code::OutputUnwritable, "上次的输出正被别的程序打开，没有改动")
                .in_file(open)
                .help("关闭 Excel、WPS 或 LibreOffice 里打开的工作簿，再运行一次"));
        }
        let folder = tempfile::Builder::new().prefix(".kesu-").tempdir_in(parent).map_err(|e| unwritable(parent, &e))?;
        fault::point("暂存文件夹以后");
        Ok(Self { target: target.to_path_buf(), folder })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts the folder in place of `target`. On failure `target` is as it was.
    pub fn publish(self) -> Result<(), Diag> {
        let failed = |e: io::Error| unwritable(&self.target, &e);
        readable_by_all(self.folder.path()).map_err(failed)?;
        fault::point("改名以前");
        if self.target.exists() {
            exchange(self.folder.path(), &self.target).map_err(failed)?;
        } else {
            fs::rename(self.folder.path(), &self.target).map_err(failed)?;
        }
        fault::point("改名以后");
        Ok(())
    }
}

/// Excel and LibreOffice leave a lock file beside an open workbook.
fn open_elsewhere(folder: &Path) -> Option<PathBuf> {
    let mut names: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    names.sort();
    names.into_iter().find_map(|path| {
        if path.is_dir() {
            return open_elsewhere(&path);
        }
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let is_lock = name.starts_with("~$") || (name.starts_with(".~lock.") && name.ends_with('#'));
        is_lock.then_some(path)
    })
}

#[cfg(unix)]
fn readable_by_all(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable_by_all(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Afterwards `new` holds the former output, which goes with the temporary folder.
#[cfg(target_os = "linux")]
fn exchange(new: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE) {
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => step_aside(new, target),
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(new: &Path, target: &Path) -> io::Result<()> {
    step_aside(new, target)
}

/// Where the system cannot exchange two folders at once: the former output steps aside and comes back on failure.
fn step_aside(new: &Path, target: &Path) -> io::Result<()> {
    let aside = target.with_extension("kesu-old");
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&aside, target)?;
        return Err(error);
    }
    fs::remove_dir_all(&aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, text: &str) {
        fs::write(folder.join("a.txt"), text).expect("written");
    }

    #[test]
    fn a_new_output_replaces_the_old_one_whole() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("2026-10");
        for text in ["one", "two"] {
            let staging = Staging::beside(&target).expect("staging");
            write(staging.path(), text);
            staging.publish().expect("published");
            assert_eq!(fs::read_to_string(target.join("a.txt")).expect("read"), text);
            assert_eq!(fs::read_dir(home.path()).expect("listed").count(), 1, "nothing is left beside the output");
        }
    }

    #[test]
    fn an_unfinished_output_leaves_the_old_one_untouched() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("2026-10");
        fs::create_dir(&target).expect("made");
        write(&target, "before");
        let staging = Staging::beside(&target).expect("staging");
        write(staging.path(), "half");
        drop(staging);
        assert_eq!(fs::read_to_string(target.join("a.txt")).expect("read"), "before");
    }

    #[test]
    fn an_output_that_is_open_elsewhere_is_not_replaced() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("2026-10");
        fs::create_dir(&target).expect("made");
        fs::write(target.join("~$客诉案件统计表.xlsx"), "").expect("written");
        let refused = Staging::beside(&target).expect_err("refused");
        assert_eq!(refused.code, Code::OutputUnwritable);
    }

    #[test]
    fn stepping_aside_replaces_the_folder_too() {
        let home = tempfile::tempdir().expect("a folder");
        let (new, target) = (home.path().join("new"), home.path().join("2026-10"));
        for (folder, text) in [(&new, "new"), (&target, "old")] {
            fs::create_dir(folder).expect("made");
            write(folder, text);
        }
        step_aside(&new, &target).expect("replaced");
        assert_eq!(fs::read_to_string(target.join("a.txt")).expect("read"), "new");
    }
}
