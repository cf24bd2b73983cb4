//! The functions of [`lev_capi`] as a shared library, and nothing else.

// Linking the crate is enough: its `no_mangle` functions are exported from here.
pub use lev_capi::*;
