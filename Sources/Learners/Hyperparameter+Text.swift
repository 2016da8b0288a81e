import CheckedNumbers
import Hyperparameters

extension Hyperparameter {
    /// A number as a setting is written: whole ones without a point.
    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(nearestWithin: number)) : String(number)
    }
}
