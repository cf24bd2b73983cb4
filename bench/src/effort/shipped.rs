//! What a wheel holds: sizes, sections, symbols, what it needs to run, and what it says it fits.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use object::{Object, ObjectSection, SectionKind};
use regex::Regex;

use super::builds::{PATIENCE, last_lines};
use super::filled;
use super::known::offline;
use super::launch::launched;
use super::values::Shipped;
use crate::files::hash;
use crate::session::Session;

/// Endings of native libraries.
const NATIVE: [&str; 3] = [".so", ".dylib", ".pyd"];

/// Looks into a wheel.
pub fn look(wheel: &Path) -> Result<Shipped> {
    let name = wheel.file_stem().unwrap_or_default().to_string_lossy();
    let mut tags: Vec<&str> = name.rsplitn(4, '-').take(3).collect();
    tags.reverse();
    let mut shipped = Shipped {
        tag: tags.join("-"),
        ..Shipped::default()
    };
    for (member, bytes) in members(wheel)? {
        shipped.installed_bytes += bytes.len() as u64;
        if is_native(&member) {
            native(&bytes, &mut shipped).with_context(|| format!("cannot read {member}"))?;
        } else if member.ends_with(".dist-info/METADATA") {
            let metadata = String::from_utf8_lossy(&bytes).into_owned();
            shipped.packages = fields(&metadata, "Requires-Dist:");
            shipped.requires_python = fields(&metadata, "Requires-Python:").pop();
        }
    }
    shipped.libraries.sort();
    shipped.libraries.dedup();
    Ok(shipped)
}

/// Has a wheel's tags confirmed by the study's tools.
pub fn audit(session: &Session, wheel: &Path, shipped: &mut Shipped, log: &Path) -> Result<()> {
    for audit in &session.study.effort.audits {
        if !Regex::new(&audit.tags)?.is_match(&shipped.tag) {
            continue;
        }
        let mut command = offline(&session.python, &session.python)?;
        let wheel = wheel.display().to_string();
        command.args(filled(&audit.command, &[("{wheel}", &wheel)]));
        // Some tools end with an error to say that they found one.
        let (_, status) = launched(&command, None, log, PATIENCE)?;
        let said = String::from_utf8_lossy(&fs::read(log)?).into_owned();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let finding = Regex::new(&audit.finding)?.captures(&said).map_or_else(
            || format!("{status}: {}", last_lines(&said)),
            |found| found[1].to_owned(),
        );
        shipped.audits.insert(audit.name.clone(), finding);
    }
    Ok(())
}

fn is_native(member: &str) -> bool {
    NATIVE.iter().any(|ending| member.ends_with(ending))
}

fn native(bytes: &[u8], shipped: &mut Shipped) -> Result<()> {
    let file = object::File::parse(bytes)?;
    for section in file.sections() {
        let Some((_, size)) = section.file_range() else {
            continue;
        };
        let name = section.name().unwrap_or_default();
        *shipped
            .sections
            .entry(kind_of(name, section.kind()).to_owned())
            .or_default() += size;
    }
    for export in file.exports()? {
        shipped
            .exported
            .push(String::from_utf8_lossy(export.name()).into_owned());
    }
    shipped.exported.sort();
    if let object::File::Elf64(elf) = &file {
        shipped.libraries.extend(needed(elf)?);
    }
    Ok(())
}

fn kind_of(name: &str, kind: SectionKind) -> &'static str {
    match kind {
        _ if name.contains("eh_frame") || name.contains("gcc_except") => "unwinding",
        SectionKind::Text => "code",
        SectionKind::ReadOnlyData | SectionKind::ReadOnlyString => "constants",
        SectionKind::Data | SectionKind::ReadOnlyDataWithRel => "data",
        _ if name.starts_with(".symtab") || name.starts_with(".strtab") => "symbols",
        _ if name.starts_with(".debug") => "debug information",
        _ if name.starts_with(".dyn") || name.starts_with(".rel") => "linking",
        _ => "other",
    }
}

/// The names under `DT_NEEDED`.
fn needed(elf: &object::read::elf::ElfFile64) -> Result<Vec<String>> {
    use object::read::elf::Dyn;

    let endian = elf.endian();
    let sections = elf.elf_section_table();
    let Some((dynamic, link)) = sections.dynamic(endian, elf.data())? else {
        return Ok(Vec::new());
    };
    let strings = sections.strings(endian, elf.data(), link)?;
    let needed = dynamic
        .iter()
        .filter(|entry| entry.d_tag(endian) == object::elf::DT_NEEDED);
    needed
        .map(|entry| {
            let name = entry.string(endian, strings)?;
            Ok(String::from_utf8_lossy(name).into_owned())
        })
        .collect()
}

/// The values of a field of a wheel's metadata, without what is only wanted for an extra.
fn fields(metadata: &str, name: &str) -> Vec<String> {
    metadata
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix(name))
        .map(str::trim)
        .filter(|requirement| !requirement.contains("extra =="))
        .map(str::to_owned)
        .collect()
}

/// Names and bytes of the files in a wheel.
fn members(wheel: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut archive = zip::ZipArchive::new(fs::File::open(wheel)?)
        .with_context(|| format!("{} is no wheel", wheel.display()))?;
    (0..archive.len())
        .map(|index| {
            let mut member = archive.by_index(index)?;
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes)?;
            Ok((member.name().to_owned(), bytes))
        })
        .collect()
}

/// Hash of what is in a wheel, but for the list of hashes that it has itself.
pub fn contents(wheel: &Path) -> Result<String> {
    let mut whole = Vec::new();
    for (name, bytes) in members(wheel)? {
        if !name.ends_with(".dist-info/RECORD") {
            whole.extend(format!("{name} {}\n", hash(&bytes)).into_bytes());
        }
    }
    Ok(hash(&whole))
}

/// The modules that a wheel brings, each with its files and their hashes.
pub fn modules(wheel: &Path) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let mut modules: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (name, bytes) in members(wheel)? {
        let top = name.split('/').next().unwrap_or_default();
        // Metadata, and what is not put where modules are.
        let metadata = [".dist-info", ".data"].iter().any(|end| top.ends_with(end));
        if metadata || name.ends_with('/') {
            continue;
        }
        let module = top.split('.').next().unwrap_or_default().to_owned();
        modules
            .entry(module)
            .or_default()
            .insert(name, hash(&bytes));
    }
    Ok(modules)
}

pub fn only_wheel(folder: &Path) -> Result<PathBuf> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let wheels: Vec<_> = files
        .filter(|p| p.extension().is_some_and(|e| e == "whl"))
        .collect();
    match wheels.as_slice() {
        [wheel] => Ok(wheel.clone()),
        _ => bail!(
            "the build left {} wheels, not one, in {}",
            wheels.len(),
            folder.display()
        ),
    }
}

/// Bytes of the native libraries in a wheel.
pub fn native_bytes(wheel: &Path) -> Result<u64> {
    let native = members(wheel)?
        .into_iter()
        .filter(|(name, _)| is_native(name));
    Ok(native.map(|(_, bytes)| bytes.len() as u64).sum())
}

/// Bytes of the native libraries in a wheel, as they are and after `strip`.
pub fn extension_sizes(wheel: &Path, place: &Path) -> Result<(u64, u64)> {
    let (mut whole, mut stripped) = (0, 0);
    for (member, bytes) in members(wheel)? {
        if !is_native(&member) {
            continue;
        }
        let file = place.join("extension");
        fs::write(&file, &bytes)?;
        // macOS's strip keeps what dynamic linking needs only with -x.
        let arguments: &[&str] = if cfg!(target_os = "macos") {
            &["-x"]
        } else {
            &[]
        };
        let status = Command::new("strip").args(arguments).arg(&file).status();
        ensure!(
            status.is_ok_and(|s| s.success()),
            "cannot run strip on {member}"
        );
        whole += bytes.len() as u64;
        stripped += fs::metadata(&file)?.len();
        fs::remove_file(&file)?;
    }
    Ok((whole, stripped))
}
