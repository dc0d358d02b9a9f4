//! Where something is: WGS-84, always. GCJ-02 exists only at the map's edge, in the browser.

use crate::{Error, Result};

/// A point on the earth in WGS-84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Point {
    /// Longitude, degrees east.
    pub lng: f64,
    /// Latitude, degrees north.
    pub lat: f64,
}

impl Point {
    /// Refuses what is not a place: not a number, off the globe, or the null island that
    /// phones report when they do not know.
    pub fn checked(self) -> Result<Self> {
        let on_globe = self.lng.abs() <= 180.0 && self.lat.abs() <= 90.0;
        let known = self.lng != 0.0 || self.lat != 0.0;
        if on_globe && known {
            return Ok(self);
        }
        Err(Error::invalid("point", "坐标无效", "not a position on the earth"))
    }

    /// Metres along the great circle.
    pub fn metres_to(self, other: Self) -> f64 {
        const EARTH_RADIUS_M: f64 = 6_371_008.8;
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let half = |x: f64| (x / 2.0).sin().powi(2);
        let h = half(b - a) + a.cos() * b.cos() * half((other.lng - self.lng).to_radians());
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let a = Point { lng: 113.3, lat: 40.0 };
        let b = Point { lng: 113.3, lat: 41.0 };
        assert!((a.metres_to(b) - 111_195.0).abs() < 10.0);
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for (lng, lat) in [(f64::NAN, 1.0), (181.0, 0.0), (0.0, 0.0), (1.0, f64::INFINITY)] {
            assert!(Point { lng, lat }.checked().is_err(), "{lng} {lat}");
        }
    }
}
