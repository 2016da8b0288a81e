/// Somebody who wants to know what happens.
public protocol EventSubscriber: AnyObject, Sendable {
    /// Takes a batch over. Called on the bus's pump thread, one batch at a time, in order. A subscriber that must not lose
    /// anything may wait here when it is full, which in the end makes the trainers wait; one that must not hold anybody up
    /// returns at once.
    func deliver(_ batch: EventBatch)
}
