//! Where tests let a run die.

/// In a debug build the process aborts here when `KESU_DIE_AT` names the point; a release build has no such place.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    if std::env::var_os("KESU_DIE_AT").is_some_and(|wanted| wanted == name) {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub fn point(_: &str) {}
