//! WAV files of the recordings: mending a header that a killed switch left unfinished, and
//! finding a tone in what was recorded.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Samples a second of everything that the switch records.
pub const RATE: u32 = 8000;
/// What stands before the samples in a plain file.
const HEADER: u64 = 44;

/// Writes the true sizes into a header that says too little. A file without a whole header is
/// left alone.
pub fn mend(file: &Path) -> io::Result<()> {
    let mut wav = File::options().read(true).write(true).open(file)?;
    let length = wav.metadata()?.len();
    if length < HEADER {
        return Ok(());
    }
    let mut header = [0; 44];
    wav.read_exact(&mut header)?;
    let plain = header.starts_with(b"RIFF") && &header[36..40] == b"data";
    let samples = u32::try_from((length - HEADER) & !1).unwrap_or(u32::MAX - 36);
    if !plain || header[40..44] == samples.to_le_bytes() {
        return Ok(());
    }
    wav.seek(SeekFrom::Start(4))?;
    wav.write_all(&(samples + 36).to_le_bytes())?;
    wav.seek(SeekFrom::Start(40))?;
    wav.write_all(&samples.to_le_bytes())
}

/// Writes a plain mono 16-bit file.
pub fn write(file: &Path, samples: &[i16]) -> io::Result<()> {
    let size = u32::try_from(samples.len() * 2).map_err(io::Error::other)?;
    let mut wav = b"RIFF".to_vec();
    wav.extend_from_slice(&(size + 36).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&RATE.to_le_bytes());
    wav.extend_from_slice(&(RATE * 2).to_le_bytes());
    wav.extend_from_slice(b"\x02\0\x10\0data");
    wav.extend_from_slice(&size.to_le_bytes());
    wav.extend(samples.iter().flat_map(|s| s.to_le_bytes()));
    std::fs::write(file, wav)
}

/// The samples of a plain mono 16-bit file.
pub fn samples(file: &Path) -> io::Result<Vec<i16>> {
    let bytes = std::fs::read(file)?;
    let start = bytes.windows(4).position(|w| w == b"data").map_or(bytes.len(), |at| at + 8);
    let (pairs, _) = bytes.get(start..).unwrap_or_default().as_chunks::<2>();
    Ok(pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect())
}

/// How much of the sound's energy lies at `hz`: 1 for a pure tone, near 0 for anything else
/// (Goertzel's algorithm).
pub fn tone_share(samples: &[i16], hz: f64) -> f64 {
    if samples.is_empty() {
        return 0.0;
    }
    let step = 2.0 * (std::f64::consts::TAU * hz / f64::from(RATE)).cos();
    let (mut one, mut two, mut energy) = (0.0, 0.0, 0.0);
    for sample in samples {
        let sample = f64::from(*sample);
        energy += sample * sample;
        (one, two) = (sample + step * one - two, one);
    }
    #[expect(clippy::cast_precision_loss, reason = "hours of sound stay far below 2^52 samples")]
    let count = samples.len() as f64;
    let power = one * one + two * two - step * one * two;
    if energy == 0.0 { 0.0 } else { 2.0 * power / (energy * count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f64, count: u32) -> Vec<i16> {
        let wave = |i: u32| (std::f64::consts::TAU * hz * f64::from(i) / f64::from(RATE)).sin();
        #[expect(clippy::cast_possible_truncation, reason = "within 16 bits")]
        (0..count).map(|i| (wave(i) * 8000.0) as i16).collect()
    }

    #[test]
    fn a_tone_is_found_where_it_is_and_nowhere_else() {
        let sound = tone(600.0, 8000);
        assert!(tone_share(&sound, 600.0) > 0.95);
        assert!(tone_share(&sound, 1000.0) < 0.01);
        assert!(tone_share(&[0; 800], 600.0) < 0.01);
    }

    #[test]
    fn a_header_left_unfinished_is_mended_from_the_length() {
        let file = tempfile::NamedTempFile::new().unwrap();
        write(file.path(), &[]).unwrap();
        let mut cut_off = File::options().append(true).open(file.path()).unwrap();
        cut_off.write_all(&[1; 321]).unwrap();
        mend(file.path()).unwrap();
        let mended = std::fs::read(file.path()).unwrap();
        assert_eq!(mended[40..44], 320u32.to_le_bytes());
        assert_eq!(mended[4..8], 356u32.to_le_bytes());
        assert_eq!(samples(file.path()).unwrap().len(), 160);
    }
}
