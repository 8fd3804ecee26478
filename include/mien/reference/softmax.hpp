// SPDX-License-Identifier: Apache-2.0
// Softmax, and the cross-entropy of its result with a label or with soft targets.
#pragma once

#include "mien/core/math.hpp"

#include <algorithm>
#include <cstdint>

// lib/ compiles this text in a namespace of its own, so that a user's compiler flags cannot reach it.
#ifndef MIEN_REFERENCE_NAMESPACE
#define MIEN_REFERENCE_NAMESPACE reference
#endif

namespace mien::MIEN_REFERENCE_NAMESPACE {

/// log(sum over k of exp(x[k])), without overflow: the largest x[k] is taken out first.
template <class T> double log_sum_exp(const T* x, std::int64_t k) noexcept {
  const double largest = static_cast<double>(*std::max_element(x, x + k));
  double sum = 0;
  for (std::int64_t i = 0; i < k; ++i) sum += math::exp(static_cast<double>(x[i]) - largest);
  return largest + math::log(sum);
}

/// Probabilities from logits, row by row.
///
///   y[n,k] = exp(x[n,k]) / sum over j of exp(x[n,j])
///
/// x and y are (N,K), K at least 1, and may be the same. y is overwritten. Computed in double, rounded once.
template <class T> void softmax_forward(T* y, const T* x, std::int64_t n, std::int64_t k) noexcept {
  for (std::int64_t row = 0; row < n; ++row, x += k, y += k) {
    const double normaliser = log_sum_exp(x, k);
    for (std::int64_t i = 0; i < k; ++i) y[i] = static_cast<T>(math::exp(static_cast<double>(x[i]) - normaliser));
  }
}

/// Cross-entropy of softmax(x) with one label a row; returns the sum over the rows, and its derivative.
///
///   loss = sum over n of (log(sum over k of exp(x[n,k])) - x[n, label[n]])
///   dx[n,k] = scale (softmax(x)[n,k] - [k = label[n]])
///
/// x and dx are (N,K), K at least 1, and may be the same; labels (N) lie in [0, K). For the mean loss of a batch,
/// scale is 1/N. dx is overwritten, or null where nobody wants it. Computed in double, rounded once.
/// Source: Keras, keras.losses.SparseCategoricalCrossentropy(from_logits=True).
template <class T>
double softmax_cross_entropy(T* dx, const T* x, const std::int32_t* labels, std::int64_t n, std::int64_t k,
                             double scale) noexcept {
  double loss = 0;
  for (std::int64_t row = 0; row < n; ++row, x += k) {
    const double normaliser = log_sum_exp(x, k);
    loss += normaliser - static_cast<double>(x[labels[row]]);
    if (dx == nullptr) continue;
    for (std::int64_t i = 0; i < k; ++i) {
      const double probability = math::exp(static_cast<double>(x[i]) - normaliser);
      dx[i] = static_cast<T>(scale * (i == labels[row] ? probability - 1 : probability));
    }
    dx += k;
  }
  return loss;
}

/// Cross-entropy of softmax(x) with a target for each class, weighted row by row; returns the sum over the rows, and
/// its derivative.
///
///   loss = sum over n of weights[n] (sum over k of t[n,k] (log(sum over j of exp(x[n,j])) - x[n,k]))
///   dx[n,k] = scale weights[n] (T[n] softmax(x)[n,k] - t[n,k]),  T[n] = sum over k of t[n,k]: 1, or nearly
///
/// x, t and dx are (N,K), K at least 1; weights (N), or null where all are 1. dx is overwritten, or null where nobody
/// wants it, and may be x or t. Computed in double, rounded once.
/// Source: PyTorch, torch.nn.functional.cross_entropy with class probabilities.
template <class T>
double soft_cross_entropy(T* dx, const T* x, const T* t, const T* weights, std::int64_t n, std::int64_t k,
                          double scale) noexcept {
  double loss = 0;
  for (std::int64_t row = 0; row < n; ++row, x += k, t += k) {
    const double weight = weights == nullptr ? 1.0 : static_cast<double>(weights[row]);
    const double normaliser = log_sum_exp(x, k);
    double row_loss = 0, total = 0;
    for (std::int64_t i = 0; i < k; ++i) {
      total += static_cast<double>(t[i]);
      row_loss += static_cast<double>(t[i]) * (normaliser - static_cast<double>(x[i]));
    }
    loss += weight * row_loss;
    if (dx == nullptr) continue;
    for (std::int64_t i = 0; i < k; ++i) {
      const double probability = math::exp(static_cast<double>(x[i]) - normaliser);
      dx[i] = static_cast<T>(scale * weight * (total * probability - static_cast<double>(t[i])));
    }
    dx += k;
  }
  return loss;
}

} // namespace mien::MIEN_REFERENCE_NAMESPACE
