//! A checksum of a text: FNV-1a. It had 32 bits once.

use pyo3::prelude::*;

fn fnv(text: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325;
    let fnv = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    text.bytes().fold(start, fnv)
}

#[pymodule]
mod mistake {
    use pyo3::prelude::*;

    #[pyfunction]
    fn checksum(text: &str) -> u32 {
        // The declaration for Python is the signature, and the compiler reads both.
        super::fnv(text)
    }
}
