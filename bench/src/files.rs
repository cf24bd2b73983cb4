//! Files as a whole: written so that nobody finds half of one, told apart by their hash, and texts
//! for them that do not name their owner.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

/// Ending of a file that is being written.
pub const PARTIAL: &str = "partial";

/// Writes a file of a record or of the harness's own as a whole: afterwards there is the old one or
/// the new one. A link of that name is replaced and not followed, because a record may come from
/// anywhere.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, bytes, None).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a document that the user has named, where it really is and with the permissions that it
/// has. What is no file, such as a pipe, is written into.
pub fn write_document(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = match fs::metadata(path) {
        Ok(there) if there.is_file() => {
            fs::canonicalize(path).and_then(|real| replace(&real, bytes, Some(there.permissions())))
        }
        Ok(_) => fs::write(path, bytes),
        Err(_) => replace(path, bytes, None),
    };
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn replace(path: &Path, bytes: &[u8], mode: Option<fs::Permissions>) -> std::io::Result<()> {
    let name = path.file_name().unwrap_or_default().display();
    let partial = path.with_file_name(format!(".{name}.{PARTIAL}"));
    let put = || {
        // What a process left that was killed; or a link, which must not be written through.
        let _ = fs::remove_file(&partial);
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .open(&partial)?;
        file.write_all(bytes)?;
        if let Some(mode) = mode {
            file.set_permissions(mode)?;
        }
        fs::rename(&partial, path)
    };
    let written = put();
    if written.is_err() {
        // On a full disk even this may fail; what was there before is untouched.
        let _ = fs::remove_file(&partial);
    }
    written
}

/// Fails where a folder inside of a record is a link: it could lead anywhere.
pub fn ensure_inside(folder: &Path) -> Result<()> {
    let link = fs::symlink_metadata(folder).is_ok_and(|there| there.is_symlink());
    ensure!(!link, "{} is a link: remove it", folder.display());
    Ok(())
}

/// The first 16 hexadecimal digits of SHA-256.
pub fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .take(8)
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Replaces the project's folder and the user's home folder in a text for a record.
pub fn redact(text: &str, root: &Path) -> String {
    let mut text = text.replace(&root.display().to_string(), "<project>");
    if let Some(home) = std::env::var_os("HOME").and_then(|h| h.into_string().ok())
        && home.len() > 1
    {
        text = text.replace(&home, "~");
    }
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let host = host.trim();
    // Whole words only: a host may be called like a tool.
    match regex::Regex::new(&format!(r"\b{}\b", regex::escape(host))) {
        Ok(word) if host.len() > 3 => word.replace_all(&text, "<host>").into_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_machine_are_redacted() {
        let text = redact("cc -I/some/project/include", Path::new("/some/project"));
        assert_eq!(text, "cc -I<project>/include");
    }
}
