//! Where tests let the program die: before and after every write, rename and commit that others could see.

/// In a debug build the process aborts here when `KESU_DIE_AT` names the point, or is `#7` and this is the seventh that is
/// passed; a release build has no such place.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static PASSED: AtomicUsize = AtomicUsize::new(0);
    let passed = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
    if std::env::var("KESU_DIE_AT").is_ok_and(|wanted| wanted == name || wanted == format!("#{passed}")) {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub fn point(_: &str) {}
