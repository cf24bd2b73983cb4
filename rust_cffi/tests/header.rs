//! The header in the repository is for readers; builds use a freshly generated one.

#[test]
fn the_committed_header_is_the_generated_one() {
    let committed = include_str!("../include/lev.h");
    let generated = include_str!(concat!(env!("OUT_DIR"), "/lev.h"));
    assert!(
        committed == generated,
        "include/lev.h is stale. Renew it with:\n  \
         cargo run -q -p lev_capi --example header > rust_cffi/include/lev.h"
    );
}
