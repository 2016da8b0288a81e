extension FixedWidthInteger {
    /// The whole number nearest to `value`, ties away from zero.
    ///
    /// - Range: nil for NaN, for infinities and for whatever this type cannot hold.
    @inlinable public init?<Value: BinaryFloatingPoint>(nearest value: Value) {
        guard let whole = Self(exactly: value.rounded()) else { return nil }
        self = whole
    }

    /// The whole number nearest to `value`, or the end of this type's range that lies nearest to it.
    ///
    /// - Range: NaN gives `ifNaN`; infinities give `min` or `max`.
    @inlinable public init<Value: BinaryFloatingPoint>(nearestWithin value: Value, ifNaN: Self = 0) {
        if value.isNaN {
            self = ifNaN
        } else {
            self = Self(nearest: value) ?? (value < 0 ? .min : .max)
        }
    }

    /// The whole number below or at `value`, or the end of this type's range that lies nearest to it.
    ///
    /// - Range: NaN gives `ifNaN`; infinities give `min` or `max`.
    @inlinable public init<Value: BinaryFloatingPoint>(roundedDownWithin value: Value, ifNaN: Self = 0) {
        self.init(nearestWithin: value.rounded(.down), ifNaN: ifNaN)
    }

    /// The whole number above or at `value`, or the end of this type's range that lies nearest to it.
    ///
    /// - Range: NaN gives `ifNaN`; infinities give `min` or `max`.
    @inlinable public init<Value: BinaryFloatingPoint>(roundedUpWithin value: Value, ifNaN: Self = 0) {
        self.init(nearestWithin: value.rounded(.up), ifNaN: ifNaN)
    }
}

// The same for what is converted most, in loops that draw every point of a curve: without the detour of the general ones.
extension Int {
    @inlinable public init?(nearest value: Double) {
        let whole = value.rounded()
        // Below 2^63 and not NaN.
        guard whole >= -0x1p63, whole < 0x1p63 else { return nil }
        self = Int(whole)
    }

    @inlinable public init(nearestWithin value: Double, ifNaN: Int = 0) {
        self = Int(nearest: value) ?? (value.isNaN ? ifNaN : value < 0 ? .min : .max)
    }

    @inlinable public init(roundedDownWithin value: Double, ifNaN: Int = 0) {
        self.init(nearestWithin: value.rounded(.down), ifNaN: ifNaN)
    }

    @inlinable public init(roundedUpWithin value: Double, ifNaN: Int = 0) {
        self.init(nearestWithin: value.rounded(.up), ifNaN: ifNaN)
    }
}
