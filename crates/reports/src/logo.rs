//! The logo of an organisation: a picture of a stranger until it is read.
//!
//! Knows which pictures documents take and how large they may be. A PNG is measured by its header, before anything is
//! unpacked; an SVG is refused if it holds anything that reaches outside of itself or multiplies itself.

/// A picture that was looked at and can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The file as it is.
    pub bytes: Vec<u8>,
    /// What it is.
    pub picture: Picture,
}

/// What a logo can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// PNG, so many pixels wide and high.
    Png(u32, u32),
    /// SVG.
    Svg,
}

/// Bytes of a logo.
pub const MAX_BYTES: usize = 1 << 20;
/// Pixels of a logo along each side.
pub const MAX_PIXELS: u32 = 4_096;

/// Why a file is no logo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Larger than a logo needs to be.
    #[error("the logo has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// More pixels than a logo needs.
    #[error("the logo has {0} x {1} pixels, more than {MAX_PIXELS} along a side")]
    TooManyPixels(u32, u32),
    /// Neither PNG nor SVG.
    #[error("the logo is neither a PNG nor an SVG")]
    Unknown,
    /// An SVG with what a logo does not need.
    #[error("the logo is an SVG with `{0}`, which a logo must not have; save it as plain shapes")]
    Refused(&'static str),
}

/// What no logo needs: what names other files, runs, shows foreign content, or can grow beyond its size when it is drawn.
const REFUSED: [&str; 12] = [
    "<!doctype",
    "<!entity",
    "<script",
    "<foreignobject",
    "<image",
    "<use",
    "<pattern",
    "<filter",
    "<style",
    "<mask",
    "<text",
    "<marker",
];

impl Logo {
    /// Looks at a file.
    ///
    /// # Errors
    /// [`LogoError`] if it is nothing that documents take.
    pub fn read(bytes: Vec<u8>) -> Result<Logo, LogoError> {
        if bytes.len() > MAX_BYTES {
            return Err(LogoError::TooLarge);
        }
        let picture = match png_size(&bytes) {
            Some((width, height)) if width.max(height) > MAX_PIXELS || width.min(height) == 0 => {
                return Err(LogoError::TooManyPixels(width, height));
            }
            Some((width, height)) => Picture::Png(width, height),
            None => svg(&bytes)?,
        };
        Ok(Logo { bytes, picture })
    }
}

/// Width and height in the header of a PNG (PNG Specification, 5.2 and 11.2.1).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(..16)?;
    let sizes = header.strip_prefix(b"\0\0\0\rIHDR")?;
    let (width, height) = sizes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height.first_chunk::<4>()?)))
}

fn svg(bytes: &[u8]) -> Result<Picture, LogoError> {
    let text = std::str::from_utf8(bytes).map_err(|_| LogoError::Unknown)?.to_ascii_lowercase();
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') || !text.contains("<svg")
    {
        return Err(LogoError::Unknown);
    }
    // A name with a prefix (`<svg:use`) is the same element.
    let unprefixed = text.replace("<svg:", "<");
    match REFUSED.into_iter().find(|refused| unprefixed.contains(refused)) {
        Some(refused) => Err(LogoError::Refused(refused.trim_start_matches(['<', '!']))),
        None => Ok(Picture::Svg),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn a_picture_is_measured_before_it_is_unpacked() {
        assert_eq!(Logo::read(png(200, 80)).unwrap().picture, Picture::Png(200, 80));
        assert_eq!(Logo::read(png(60_000, 60_000)), Err(LogoError::TooManyPixels(60_000, 60_000)));
        assert_eq!(Logo::read(png(0, 1)), Err(LogoError::TooManyPixels(0, 1)));
        assert_eq!(Logo::read(vec![b'<'; MAX_BYTES + 1]), Err(LogoError::TooLarge));
        assert_eq!(Logo::read(b"GIF89a".to_vec()), Err(LogoError::Unknown));
    }

    #[test]
    fn an_svg_is_shapes_and_nothing_else() {
        let of = |inside: &str| {
            Logo::read(format!("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>").into())
        };
        assert_eq!(of("<path d=\"M0 0h9v9z\"/>").unwrap().picture, Picture::Svg);
        for inside in [
            "<script>alert(1)</script>",
            "<image href=\"file:///etc/passwd\"/>",
            "<USE href=\"#a\"/>",
            "<svg:use href=\"#a\"/>",
            "<foreignObject/>",
            "<style>@import url(http://evil.example)</style>",
        ] {
            assert!(matches!(of(inside), Err(LogoError::Refused(_))), "{inside}");
        }
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"aaaa\">]><svg>&a;</svg>";
        assert_eq!(Logo::read(bomb.into()), Err(LogoError::Refused("doctype")));
    }
}
