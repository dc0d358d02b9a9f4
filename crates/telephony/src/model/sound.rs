//! The length and the picture of a recording: WAV, one channel, 16 bit.

/// The most parts that a picture has.
pub const PARTS: usize = 800;

/// A recording's measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measure {
    /// How long it is.
    pub seconds: f64,
    /// The loudest of each of up to [`PARTS`] equal parts, 0 to 255.
    pub peaks: Vec<u8>,
}

/// Measures a WAV file; none when it is not one.
pub fn measure(wav: &[u8]) -> Option<Measure> {
    let (rate, samples) = open(wav)?;
    let count = samples.len() / 2;
    #[expect(clippy::cast_precision_loss, reason = "hours of sound stay far below 2^52 samples")]
    let seconds = count as f64 / f64::from(rate);
    let part = count.div_ceil(PARTS).max(1) * 2;
    let loudest = |part: &[u8]| {
        let (pairs, _) = part.as_chunks::<2>();
        let level = |s: &[u8; 2]| i16::from_le_bytes(*s).unsigned_abs() >> 7;
        u8::try_from(pairs.iter().map(level).max().unwrap_or(0)).unwrap_or(u8::MAX)
    };
    Some(Measure { seconds, peaks: samples.chunks(part).map(loudest).collect() })
}

/// The rate and the samples of a mono 16-bit PCM file. Sizes are cut to what is there: a file
/// of a switch that died says too little or too much.
fn open(wav: &[u8]) -> Option<(u32, &[u8])> {
    if wav.get(..4)? != b"RIFF" || wav.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut rate = None;
    let mut rest = wav.get(12..)?;
    loop {
        let (head, body) = rest.split_at_checked(8)?;
        let size = u32::from_le_bytes(head.get(4..8)?.try_into().ok()?);
        let size = usize::try_from(size).ok()?;
        match head.get(..4)? {
            b"fmt " => {
                let plain = body.get(..4)? == [1, 0, 1, 0] && body.get(14..16)? == [16, 0];
                let value = u32::from_le_bytes(body.get(4..8)?.try_into().ok()?);
                rate = Some(value).filter(|r| plain && *r > 0);
                rate?;
            }
            b"data" => {
                let end = if size == 0 { body.len() } else { size.min(body.len()) };
                return Some((rate?, body.get(..end & !1)?));
            }
            _ => {}
        }
        rest = body.get(size.checked_add(size & 1)?..)?;
    }
}
