//! Sections in; what people and programs read out. Each format escapes in one place.

pub mod data;
pub mod glance;
pub mod html;
pub mod markdown;
pub mod pyperf;
pub mod splice;
pub mod terminal;
