//! Where something is, and how far apart two places are.

use std::fmt;

/// A place in WGS-84 degrees. Having one means that it was checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    lng: f64,
    lat: f64,
}

/// These numbers are not a place: not finite, off the globe, or the null island (0, 0) that phones
/// report when they do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPlace;

impl fmt::Display for NotAPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a place on the earth")
    }
}

impl std::error::Error for NotAPlace {}

impl Point {
    /// A checked place, from degrees east and degrees north.
    pub fn new(lng: f64, lat: f64) -> Result<Self, NotAPlace> {
        let on_globe = lng.abs() <= 180.0 && lat.abs() <= 90.0; // false for NaN
        let known = lng != 0.0 || lat != 0.0;
        if on_globe && known { Ok(Self { lng, lat }) } else { Err(NotAPlace) }
    }

    /// Whole metres along the great circle.
    pub fn metres_to(self, other: Self) -> u32 {
        const EARTH_RADIUS_M: f64 = 6_371_008.8;
        let (here, there) = (self.lat.to_radians(), other.lat.to_radians());
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let chord = half(there - here)
            + here.cos() * there.cos() * half((other.lng - self.lng).to_radians());
        // Finite and at most half the earth's girth, so the cast cannot lose anything.
        (2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()).round() as u32
    }
}
