//! Prints the generated header. To renew the committed copy:
//!
//! ```sh
//! cargo run -q -p lev_capi --example header > rust_cffi/include/lev.h
//! ```

fn main() {
    print!("{}", include_str!(concat!(env!("OUT_DIR"), "/lev.h")));
}
