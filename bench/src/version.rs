//! Versions as packages state and require them.

/// Whether a version is one that `Requires-Python` allows. What is written in another way than
/// with `>=` and `<` is for pip to judge.
pub fn satisfies(version: &str, needs: &str) -> bool {
    let version = numbers(version);
    needs.split(',').map(str::trim).all(|clause| {
        if let Some(least) = clause.strip_prefix(">=") {
            version >= numbers(least.trim())
        } else if let Some(above) = clause.strip_prefix('<').filter(|c| !c.starts_with('=')) {
            version < numbers(above.trim())
        } else {
            true
        }
    })
}

/// The numbers of a version, without what follows a digit in each.
pub fn numbers(version: &str) -> Vec<u32> {
    let parts = version.split('.').map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit());
        part[..end.unwrap_or(part.len())].parse().unwrap_or(0)
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_satisfies_what_is_asked_of_it() {
        assert!(satisfies("3.10.13", ">=3.10"));
        assert!(satisfies("3.13.0rc2", ">=3.10, <4"));
        assert!(!satisfies("3.9.18", ">=3.10"));
        assert!(!satisfies("2.7.18", ">=3.10"));
        assert!(!satisfies("3.14.0", ">=3.10,<3.14"));
        assert!(satisfies("3.9.1", "!=3.9.2"));
    }
}
