//! A sheet of prose as blocks of text.

use crate::sheet::{Row, Sheet, prose};

/// A block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// A heading below that of the sheet, 1 being the highest.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(String),
    /// Items in any order.
    Items(Vec<String>),
    /// Items in this order.
    Steps(Vec<String>),
}

/// The rows of a sheet of prose; none of any other sheet. Headings never leave out a level, and items that follow each
/// other are one list.
pub(crate) fn blocks(sheet: &Sheet) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut depth = 0;
    for row in sheet.rows.iter().filter(|_| sheet.is_prose()) {
        let Row::Cells(cells) = row else { continue };
        let Some((manner, text)) = prose::read(cells) else { continue };
        match (manner, blocks.last_mut()) {
            (prose::Manner::Heading(level), _) => {
                depth = level.clamp(1, depth + 1);
                blocks.push(Block::Heading(depth, text));
            }
            (prose::Manner::Paragraph, _) => blocks.push(Block::Paragraph(text)),
            (prose::Manner::Item, Some(Block::Items(items)))
            | (prose::Manner::Step, Some(Block::Steps(items))) => items.push(text),
            (prose::Manner::Item, _) => blocks.push(Block::Items(vec![text])),
            (prose::Manner::Step, _) => blocks.push(Block::Steps(vec![text])),
        }
    }
    blocks
}
