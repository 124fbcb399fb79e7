//! Embeds what `web/` has put together for browsers, if it is there. `cargo build` alone works without it.

use std::{error::Error, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    // From this crate's folder, in which cargo runs this: a target folder may be shared by several checkouts.
    let root = Path::new("../../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../web/dist");
    let manifest = fs::read(root.join("manifest.json")).unwrap_or_else(|_| b"{}".to_vec());
    let manifest: std::collections::BTreeMap<String, String> = serde_json::from_slice(&manifest)?;
    let mut code = String::from("pub(super) static ASSETS: &[Asset] = &[\n");
    for (name, file) in &manifest {
        let path = root.join(file).canonicalize()?;
        writeln!(
            code,
            "    Asset {{ name: {name:?}, file: {file:?}, at: \"/assets/{file}\", bytes: include_bytes!({path:?}) }},"
        )?;
    }
    code.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("assets.rs"), code)?;
    Ok(())
}
