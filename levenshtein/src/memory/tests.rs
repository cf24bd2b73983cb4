use super::*;

#[test]
fn two_to_the_32_minus_2_is_the_longest() {
    assert_eq!(length_u32(0xffff_fffe), Ok(0xffff_fffe));
    assert_eq!(length_u32(0xffff_ffff), Err(OutOfMemory));
    assert_eq!(length_u32(usize::MAX), Err(OutOfMemory));
}

#[test]
fn an_impossible_capacity_is_an_error() {
    assert_eq!(with_capacity::<u64>(usize::MAX / 8), Err(OutOfMemory));
}
