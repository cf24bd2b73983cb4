//! One verb per file. Each gives `true` when all went well, `false` when some contender failed.

pub mod build;
pub mod compare;
pub mod count;
pub mod doctor;
pub mod list;
pub mod report;
pub mod run;
pub mod self_test;
pub mod verify;
