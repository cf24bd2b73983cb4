//! Prints what `build_info` would say of this program.

fn main() {
    println!("{}", compiled_with::compiler!());
    println!("{}", compiled_with::flags!());
    println!("{}", compiled_with::binding!());
}
