//! The logo of the organisation, for documents that show pictures.

use surety_aims::records::Organisation;
use surety_ledger::Hash;
use surety_reports::{Format, Logo, Workbook, logo::MAX_BYTES};

use crate::{Aims, Error, View};

/// The document with the logo that the organisation had at that moment, if its format shows pictures. What is no logo is
/// left out, and a note says why.
pub async fn with_logo(
    aims: &Aims,
    view: &View,
    mut workbook: Workbook,
    format: Format,
) -> Result<Workbook, Error> {
    if !format.shows_pictures() {
        return Ok(workbook);
    }
    match logo(aims, view).await? {
        Ok(logo) => workbook.meta.logo = logo,
        Err(why) => {
            if let Some(sheet) = workbook.sheets.first_mut() {
                sheet.notes.push(format!("The logo is left out: {why}."));
            }
        }
    }
    Ok(workbook)
}

async fn logo(aims: &Aims, view: &View) -> Result<Result<Option<Logo>, String>, Error> {
    let named = view.book().all::<Organisation>().find_map(|(_, said)| said.logo.clone());
    let Some(named) = named else { return Ok(Ok(None)) };
    let Ok(hash) = named.sha256.parse::<Hash>() else { return Ok(Ok(None)) };
    if usize::try_from(named.bytes).map_or(true, |bytes| bytes > MAX_BYTES) {
        return Ok(Err(surety_reports::LogoError::TooLarge.to_string()));
    }
    if !aims.vault.exists(&hash).await? {
        return Ok(Err("its file is not in the vault".to_owned()));
    }
    let bytes = aims.vault.get(&hash).await?;
    Ok(Logo::read(bytes.to_vec()).map(Some).map_err(|error| error.to_string()))
}
