//! The two sounds that Asterisk needs even when nobody recorded any: a beep and a hold tone.

use std::io::Result;
use std::path::Path;

const RATE: u32 = 8000;

/// Half a second of 1 kHz.
pub(super) fn write_beep(file: &Path) -> Result<()> {
    let samples = (0..RATE / 2).map(|i| wave(1000.0, i) * 0.3);
    write_wav(file, samples)
}

/// Twelve quiet seconds: two soft notes, a pause.
pub(super) fn write_hold_tone(file: &Path) -> Result<()> {
    let note = |i: u32| match i / RATE % 4 {
        0 => Some(440.0),
        1 => Some(523.25),
        _ => None,
    };
    let fade = |i: u32| 1.0 - f64::from(i % RATE) / f64::from(RATE);
    let samples = (0..12 * RATE).map(|i| note(i).map_or(0.0, |hz| wave(hz, i) * fade(i) * 0.15));
    write_wav(file, samples)
}

fn wave(hz: f64, i: u32) -> f64 {
    (std::f64::consts::TAU * hz * f64::from(i) / f64::from(RATE)).sin()
}

fn write_wav(file: &Path, samples: impl Iterator<Item = f64>) -> Result<()> {
    #[expect(clippy::cast_possible_truncation, reason = "a float within 16 bits")]
    let data: Vec<u8> =
        samples.flat_map(|s| ((s * f64::from(i16::MAX)) as i16).to_le_bytes()).collect();
    let size = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let mut wav = Vec::with_capacity(44 + data.len());
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + size).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16u32.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&RATE.to_le_bytes());
    wav.extend_from_slice(&(RATE * 2).to_le_bytes());
    wav.extend_from_slice(&2u16.to_le_bytes());
    wav.extend_from_slice(&16u16.to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&size.to_le_bytes());
    wav.extend_from_slice(&data);
    std::fs::write(file, wav)
}
