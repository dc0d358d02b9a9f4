//! A sheet of paper: millimetres from the top left, one Chinese face.

use anyhow::{Context as _, Result};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla::{Data, Document};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The face that the program carries: all common characters and those of names.
static OWN: &[u8] = include_bytes!("../../assets/receipt.otf");

/// The whole face, where Debian's package is installed.
const WHOLE: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
/// Simplified Chinese in that collection.
const SIMPLIFIED: u32 = 2;

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;

/// What the program's own face can draw; the rest is looked for in the whole one.
static KNOWN: LazyLock<BTreeSet<char>> =
    LazyLock::new(|| include_str!("../../assets/characters.txt").chars().collect());

/// Grey for captions, red for marks.
#[derive(Clone, Copy)]
pub(super) enum Ink {
    Black,
    Grey,
    Red,
}

impl Ink {
    fn fill(self, opacity: f32) -> Fill {
        let (r, g, b) = match self {
            Self::Black => (20, 20, 20),
            Self::Grey => (110, 105, 98),
            Self::Red => (190, 40, 30),
        };
        let opacity = NormalizedF32::new(opacity).unwrap_or(NormalizedF32::ONE);
        Fill { paint: rgb::Color::new(r, g, b).into(), opacity, ..Fill::default() }
    }
}

/// The face for texts with these characters.
fn font(all: &str) -> Result<Font> {
    let missing = all.chars().any(|c| !c.is_control() && !KNOWN.contains(&c));
    if missing {
        let whole = std::fs::read(WHOLE).ok();
        if let Some(font) = whole.and_then(|w| Font::new(Data::from(w), SIMPLIFIED)) {
            return Ok(font);
        }
    }
    Font::new(Data::from(OWN), 0).context("the receipt's face")
}

/// How wide a text is in ems: Chinese characters are square, others as the face has them.
fn ems(text: &str) -> f32 {
    let one = |c: char| match c {
        '0'..='9' | '¥' => 0.555,
        '.' | ',' | ':' | ' ' | 'i' | 'l' => 0.28,
        '-' | '(' | ')' | '/' | 'r' | 't' => 0.36,
        'A'..='Z' => 0.64,
        '\u{21}'..='\u{7e}' => 0.54,
        _ => 1.0,
    };
    text.chars().map(one).sum()
}

/// As much of a text as fits into `width` millimetres.
pub(super) fn cut(text: &str, size: f32, width: f32) -> String {
    if ems(text) * size <= width * MM {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if (ems(&kept) + 1.0) * size > width * MM {
            break;
        }
    }
    kept.push('…');
    kept
}

/// One page under the pen.
pub(super) struct Pen<'a, 'b> {
    surface: &'a mut Surface<'b>,
    font: &'a Font,
}

impl Pen<'_, '_> {
    /// Writes from `x` on.
    pub fn left(&mut self, x: f32, y: f32, size: f32, ink: Ink, text: &str) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(ink.fill(1.0)));
        let at = Point::from_xy(x * MM, y * MM);
        let font = self.font.clone();
        self.surface.draw_text(at, font, size, text, false, TextDirection::LeftToRight);
    }

    /// Writes up to `x`.
    pub fn right(&mut self, x: f32, y: f32, size: f32, ink: Ink, text: &str) {
        self.left(x - ems(text) * size / MM, y, size, ink, text);
    }

    /// Writes around `x`.
    pub fn centre(&mut self, x: f32, y: f32, size: f32, ink: Ink, text: &str) {
        self.left(x - ems(text) * size / MM / 2.0, y, size, ink, text);
    }

    /// A line across.
    pub fn rule(&mut self, from: f32, to: f32, y: f32, width: f32) {
        let mut path = PathBuilder::new();
        path.move_to(from * MM, y * MM);
        path.line_to(to * MM, y * MM);
        let Some(path) = path.finish() else { return };
        let paint = rgb::Color::new(90, 85, 78).into();
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { paint, width, ..Stroke::default() }));
        self.surface.draw_path(&path);
        self.surface.set_stroke(None);
    }

    /// A mark across the page.
    pub fn mark(&mut self, x: f32, y: f32, size: f32, text: &str) {
        let turn = Transform::from_rotate_at(-18.0, x * MM, y * MM);
        self.surface.push_transform(&turn);
        self.surface.set_fill(Some(Ink::Red.fill(0.28)));
        let at = Point::from_xy(x * MM - ems(text) * size / 2.0, y * MM);
        let font = self.font.clone();
        self.surface.draw_text(at, font, size, text, false, TextDirection::LeftToRight);
        self.surface.pop();
    }
}

/// Draws so many pages and gives the PDF. `all` is every text that stands on it.
pub(super) fn pdf(
    title: &str,
    all: &str,
    (width, height): (f32, f32),
    pages: usize,
    mut draw: impl FnMut(usize, &mut Pen<'_, '_>),
) -> Result<Vec<u8>> {
    let font = font(all)?;
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).language("zh-CN".to_owned()));
    for n in 0..pages {
        let settings = PageSettings::from_wh(width * MM, height * MM).context("a page's size")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        draw(n, &mut Pen { surface: &mut surface, font: &font });
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|e| anyhow::anyhow!("the PDF: {e:?}"))
}
