/// How the weights of a linear model follow the gradient.
public enum LinearOptimizer: String, Sendable, Hashable, CaseIterable { case adam, sgd, rmsprop, adagrad, lbfgs }
