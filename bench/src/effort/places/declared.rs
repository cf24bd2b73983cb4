//! What a file of C or Cython has declared, up to where it was read.

use std::collections::BTreeMap;

/// How often a name can be followed: 1 for a pointer or an array, 0 for what is neither.
type Depths<'a> = BTreeMap<&'a str, usize>;

/// Where a declaration stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    File,
    /// In any struct or class of the file.
    Members,
    Function,
}

/// The names of variables, parameters and members.
#[derive(Default)]
pub struct Declared<'a> {
    file: Depths<'a>,
    members: Depths<'a>,
    function: Depths<'a>,
}

impl<'a> Declared<'a> {
    pub fn declare(&mut self, name: &'a str, depth: usize, scope: Scope) {
        match scope {
            Scope::File => self.file.insert(name, depth),
            Scope::Function => self.function.insert(name, depth),
            Scope::Members => {
                // What two structs call by one name may be a pointer in only one of them.
                let known = self.member(name);
                self.members.insert(name, depth.max(known))
            }
        };
    }

    pub fn leave_function(&mut self) {
        self.function.clear();
    }

    /// How often a variable can be followed, as it was declared last.
    pub fn variable(&self, name: &str) -> usize {
        let depth = self.function.get(name).or_else(|| self.file.get(name));
        depth.copied().unwrap_or(0)
    }

    /// The same of a member.
    pub fn member(&self, name: &str) -> usize {
        self.members.get(name).copied().unwrap_or(0)
    }
}
