//! Turns `catalogs/*.toml` into the JSON that the library embeds, or stops the build with what is wrong in them.
//!
//! Shares the types with the library by including their files: a build script can't depend on the crate it builds.

#![expect(unreachable_pub, reason = "the library uses what the build script does not")]
#![expect(clippy::print_stdout, reason = "the way to speak to cargo")]

#[path = "../src/amendment.rs"]
mod amendment;
#[path = "../src/annex_iii.rs"]
mod annex_iii;
#[path = "../src/certification.rs"]
mod certification;
#[path = "../src/clock.rs"]
mod clock;
#[path = "../src/condition.rs"]
mod condition;
#[path = "../src/framework.rs"]
mod framework;
#[path = "../src/holiday.rs"]
mod holiday;
#[path = "../src/law.rs"]
mod law;
#[path = "../src/library.rs"]
mod library;
#[path = "../src/mapping.rs"]
mod mapping;
#[path = "../src/penalty.rs"]
mod penalty;
#[path = "../src/procedure.rs"]
mod procedure;
mod source;
mod validate;
mod validate_clocks;

pub use amendment::*;
pub use annex_iii::*;
pub use certification::*;
pub use clock::*;
pub use condition::*;
pub use framework::*;
pub use holiday::*;
pub use law::*;
pub use library::*;
pub use mapping::*;
pub use penalty::*;

use std::{error::Error, fmt::Write as _, fs, path::Path};

use serde::Serialize;
use serde_json::Value;
use source::Everything;

fn main() -> Result<(), Box<dyn Error>> {
    let catalogs = Path::new("../../catalogs");
    println!("cargo:rerun-if-changed={}", catalogs.display());
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=src");
    let everything = source::read(catalogs)?;
    let problems = validate::problems(&everything);
    if !problems.is_empty() {
        return Err(format!("catalogs/ is not sound:\n  {}", problems.join("\n  ")).into());
    }
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    write_all(&everything, Path::new(&out))
}

/// One JSON file for each library and collection of facts, and the table that embeds them.
fn write_all(everything: &Everything, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut table = String::new();
    writeln!(
        table,
        "pub(crate) static FRAMEWORKS: [Builtin; {}] = [",
        everything.frameworks.len()
    )?;
    for library in &everything.frameworks {
        let names = library.frameworks.iter().map(|one| (&one.id, &one.aliases));
        for (id, aliases) in names {
            write_json(&out.join(format!("{id}.json")), library)?;
            writeln!(table, "Builtin::new({id:?}, &{aliases:?}, {}),", embed(id))?;
        }
    }
    writeln!(
        table,
        "];\npub(crate) static MAPPINGS: [BuiltinMapping; {}] = [",
        everything.mappings.len()
    )?;
    for library in &everything.mappings {
        for set in &library.mapping_sets {
            write_json(&out.join(format!("{}.json", set.id)), library)?;
            let (id, source, target) = (&set.id, &set.source, &set.target);
            writeln!(table, "BuiltinMapping::new({source:?}, {target:?}, {}),", embed(id))?;
        }
    }
    writeln!(table, "];\npub(crate) static LAWS: [BuiltinLaw; {}] = [", everything.laws.len())?;
    for law in &everything.laws {
        let name = format!("{}.law", law.framework);
        write_json(&out.join(format!("{name}.json")), law)?;
        writeln!(table, "BuiltinLaw::new({:?}, {}),", law.framework, embed(&name))?;
    }
    let procedures = &everything.procedures;
    writeln!(
        table,
        "];\npub(crate) static PROCEDURES: [BuiltinProcedure; {}] = [",
        procedures.len()
    )?;
    for procedure in procedures {
        let name = format!("{}.procedure", procedure.framework);
        write_json(&out.join(format!("{name}.json")), procedure)?;
        writeln!(table, "BuiltinProcedure::new({:?}, {}),", procedure.framework, embed(&name))?;
    }
    writeln!(table, "];")?;
    write_json(&out.join("certification.json"), &everything.certification)?;
    write_json(&out.join("documented_information.json"), &everything.documented_information)?;
    write_json(&out.join("annex_c.json"), &everything.annex_c)?;
    write_json(&out.join("annex_iii.json"), &everything.annex_iii)?;
    write_json(&out.join("incident_clocks.json"), &everything.incident_clocks)?;
    write_json(&out.join("public_holidays.json"), &everything.public_holidays)?;
    fs::write(out.join("builtin.rs"), table)?;
    Ok(())
}

fn embed(name: &str) -> String {
    format!("include_str!(concat!(env!(\"OUT_DIR\"), \"/{name}.json\"))")
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Box<dyn Error>> {
    let mut value = serde_json::to_value(value)?;
    drop_empty(&mut value);
    fs::write(path, serde_json::to_vec(&value)?)?;
    Ok(())
}

/// Leaves out what reading fills in again, so that less is parsed at run time.
fn drop_empty(value: &mut Value) {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(drop_empty);
            fields.retain(|_, value| !is_empty(value));
        }
        Value::Array(items) => items.iter_mut().for_each(drop_empty),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
