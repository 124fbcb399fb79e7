//! How fast registers and bills of materials are read. Run with `cargo bench -p surety-formats --bench inventory`.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on fails")]

use divan::{Bencher, counter::BytesCount};
use surety_formats::inventory::{Options, read};

fn main() {
    divan::main();
}

/// A register of 3,000 AI systems with a mistake in every tenth row.
fn register() -> String {
    let mut text = String::from(
        "System ID,AI system,Purpose,Business owner,Vendor,Status,Risk class,Go-live date,Personal data,Countries\n",
    );
    for n in 0..3_000 {
        let class = if n % 10 == 0 { "purple" } else { "High risk" };
        text.push_str(&format!(
            "AIS-{n},System {n},\"Sorts the claims of branch {n}, by urgency\",Owner {}, Vendor {},In production,{class},2026-03-01,yes,DE; AT\n",
            n % 50,
            n % 80,
        ));
    }
    text
}

/// A bill of materials with 500 models and 500 libraries.
fn bill() -> String {
    let models: Vec<String> = (0..500)
        .map(|n| {
            format!(
                r#"{{"type":"machine-learning-model","name":"model-{n}","purl":"pkg:huggingface/acme/model-{n}@1.0","supplier":{{"name":"Acme {n}"}},
                "modelCard":{{"modelParameters":{{"task":"text-classification"}},"considerations":{{"technicalLimitations":["German only"]}}}}}},
                {{"type":"library","name":"library-{n}","version":"1.0"}}"#
            )
        })
        .collect();
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{{"component":{{"type":"application","name":"app"}}}},"components":[{}]}}"#,
        models.join(",")
    )
}

#[divan::bench]
fn csv_register_of_3000_systems(bencher: Bencher<'_, '_>) {
    let text = register();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| read("register.csv", text.as_bytes(), &Options::default()).unwrap());
}

#[divan::bench]
fn cyclonedx_bill_of_1000_components(bencher: Bencher<'_, '_>) {
    let text = bill();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| read("bom.json", text.as_bytes(), &Options::default()).unwrap());
}
