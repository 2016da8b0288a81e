/// How the weights of a network follow the gradient.
public enum NeuralOptimizer: String, Sendable, Hashable, CaseIterable {
    /// - Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2.
    case adamw
    /// - Source: Kingma and Ba, "Adam" (2015), algorithm 1.
    case adam
    /// With momentum, or Nesterov's.
    ///
    /// - Source: Sutskever et al., "On the importance of initialization and momentum" (2013), in PyTorch's form.
    case sgd
    /// - Source: Tieleman and Hinton, Coursera lecture 6.5 (2012).
    case rmsprop
}
