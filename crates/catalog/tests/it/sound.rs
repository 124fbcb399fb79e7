//! The check of the build script finds what it should: the catalogs as they stand are sound, and each damage is named.

use std::path::Path;

use jiff::civil::date;

use crate::{
    source::{self, Everything},
    validate::problems,
};

fn everything() -> Everything {
    source::read(Path::new("../../catalogs")).unwrap()
}

#[test]
fn the_catalogs_are_sound() {
    assert_eq!(problems(&everything()), Vec::<String>::new());
}

#[test]
fn each_damage_is_named() {
    type Damage = fn(&mut Everything);
    let damages: [(Damage, &str); 18] = [
        (
            |all| all.frameworks[0].frameworks[0].requirements[3].parent = Some("99".into()),
            "parent `99`",
        ),
        (
            |all| all.frameworks[0].frameworks[0].requirements[3].id = "4.1-1".into(),
            "`4.1-1` stands twice",
        ),
        (|all| all.frameworks[0].frameworks[0].requirements[3].groups[0] = "x".into(), "group `x`"),
        (|all| all.frameworks[0].frameworks[0].requirements[3].weight = 9, "weight 9"),
        (|all| all.frameworks[0].frameworks[0].requirements[1].assessable = true, "has parts"),
        (
            |all| all.frameworks[0].frameworks[0].requirements[3].aliases.push("a.2.2".into()),
            "means both",
        ),
        (
            |all| {
                all.frameworks[0].frameworks[0].requirements[2].conditions[0].says = "Say.".into()
            },
            "`Say.`",
        ),
        (
            |all| {
                let conditions = &mut all.frameworks[0].frameworks[0].requirements[2].conditions;
                conditions.push(conditions[0].clone());
            },
            "condition of iso42001:4.1-1 `issues-recorded` stands twice",
        ),
        (|all| all.mappings[0].mapping_sets[0].mappings[0].target = "99".into(), "`iso27001:99`"),
        (|all| all.mappings[0].mapping_sets[0].mappings[0].strength = Some(11), "strength"),
        (
            |all| {
                let mappings = &mut all.mappings[0].mapping_sets[0].mappings;
                mappings.push(mappings[0].clone());
            },
            "4.1 -> 4.1 stands twice",
        ),
        (|all| all.laws[0].versions[1].in_force_from = date(2026, 8, 1), "day by day"),
        (
            |all| all.laws[0].regimes[0].dates[0].operative_from = Some(date(2020, 1, 1)),
            "formal_from",
        ),
        (|all| all.laws[0].articles[0].obligations[0].regime = "x".into(), "no date regime `x`"),
        (|all| all.laws[0].articles[0].obligations[0].weight = 0, "weight of 1 to 5"),
        (|all| all.documented_information.mandatory[0].requirement = "99".into(), "`iso42001:99`"),
        (|all| all.certification.stage1[0].references.push("98".into()), "`iso42001:98`"),
        (|all| all.annex_c.objectives[0].related_controls.push("97".into()), "`iso42001:97`"),
    ];
    for (damage, expected) in damages {
        let mut all = everything();
        damage(&mut all);
        let found = problems(&all).join("\n");
        assert!(found.contains(expected), "expected `{expected}` in:\n{found}");
    }
}
