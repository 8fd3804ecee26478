// SPDX-License-Identifier: Apache-2.0
// Shapes as signed distances: below zero inside, above zero outside, in the units of the drawing.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace mien::faces {

/// A place in the drawing: x to the right, y down, the picture spans [-1, 1] both ways.
struct Point {
  float x = 0;
  float y = 0;
  friend Point operator+(Point a, Point b) noexcept { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) noexcept { return {a.x - b.x, a.y - b.y}; }
  friend Point operator*(float s, Point a) noexcept { return {s * a.x, s * a.y}; }
};

/// An upright rectangle that holds a shape.
struct Box {
  float left = std::numeric_limits<float>::max();
  float top = std::numeric_limits<float>::max();
  float right = std::numeric_limits<float>::lowest();
  float bottom = std::numeric_limits<float>::lowest();

  void include(Point p, float radius = 0) noexcept {
    left = std::min(left, p.x - radius), right = std::max(right, p.x + radius);
    top = std::min(top, p.y - radius), bottom = std::max(bottom, p.y + radius);
  }
};

struct Ellipse {
  Point centre;
  float rx = 0;
  float ry = 0;

  [[nodiscard]] Box box() const noexcept { return {centre.x - rx, centre.y - ry, centre.x + rx, centre.y + ry}; }
  [[nodiscard]] float distance(Point p) const noexcept {
    // The value of the implicit function over the length of its gradient: exact on the outline, good near it.
    const float x = (p.x - centre.x) / rx, y = (p.y - centre.y) / ry;
    const float value = std::sqrt(x * x + y * y);
    const float gradient = std::sqrt(x / rx * (x / rx) + y / ry * (y / ry));
    return gradient > 0 ? value * (value - 1) / gradient : -std::min(rx, ry);
  }
};

/// A straight piece of an outline, with what its distance asks for again and again.
struct Edge {
  Point from, along;
  float inverse; ///< of the squared length

  Edge(Point a, Point b) noexcept : from(a), along(b - a) {
    const float length = along.x * along.x + along.y * along.y;
    inverse = length > 0 ? 1 / length : 0;
  }
  /// How far along the nearest place lies, 0 at the start and 1 at the end.
  [[nodiscard]] float nearest(Point p) const noexcept {
    const Point to = p - from;
    return std::clamp((to.x * along.x + to.y * along.y) * inverse, 0.0f, 1.0f);
  }
  [[nodiscard]] float square_distance(Point p, float t) const noexcept {
    const Point off = p - from - t * along;
    return off.x * off.x + off.y * off.y;
  }
};

/// A line through points, as thick at each as the point says: a brow, a wrinkle, a lock of hair.
class Stroke {
public:
  struct Knot {
    Point at;
    float radius;
  };
  explicit Stroke(std::span<const Knot> knots) {
    for (const Knot& knot : knots) {
      box_.include(knot.at, knot.radius);
      radii_.push_back(knot.radius);
    }
    for (std::size_t i = 1; i < knots.size(); ++i) edges_.emplace_back(knots[i - 1].at, knots[i].at);
  }
  Stroke(Knot a, Knot b) : Stroke(std::array{a, b}) {}

  [[nodiscard]] Box box() const noexcept { return box_; }
  [[nodiscard]] float distance(Point p) const noexcept {
    float least = std::numeric_limits<float>::max(), radius = 0;
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      const float t = edges_[i].nearest(p);
      const float square = edges_[i].square_distance(p, t);
      if (square >= least) continue;
      least = square;
      radius = radii_[i] + t * (radii_[i + 1] - radii_[i]);
    }
    return std::sqrt(least) - radius;
  }

private:
  std::vector<Edge> edges_;
  std::vector<float> radii_; // one more than edges
  Box box_;
};

/// A curve from `a` through `middle` to `b` (a parabola), with the thickness of each.
[[nodiscard]] inline Stroke curve(Stroke::Knot a, Stroke::Knot middle, Stroke::Knot b) {
  constexpr int pieces = 6;
  std::array<Stroke::Knot, pieces + 1> knots;
  for (int i = 0; i <= pieces; ++i) {
    const float t = static_cast<float>(i) / pieces;
    const float wa = (1 - t) * (1 - 2 * t), wm = 4 * t * (1 - t), wb = t * (2 * t - 1); // Lagrange
    knots[static_cast<std::size_t>(i)] = {wa * a.at + wm * middle.at + wb * b.at,
                                          wa * a.radius + wm * middle.radius + wb * b.radius};
  }
  return Stroke(knots);
}

/// A filled outline of straight edges.
class Polygon {
public:
  explicit Polygon(std::span<const Point> points) {
    for (std::size_t i = 0, j = points.size() - 1; i < points.size(); j = i++) {
      box_.include(points[i]);
      edges_.emplace_back(points[j], points[i]);
    }
  }

  [[nodiscard]] Box box() const noexcept { return box_; }
  [[nodiscard]] float distance(Point p) const noexcept {
    float least = std::numeric_limits<float>::max();
    bool inside = false;
    for (const Edge& e : edges_) {
      least = std::min(least, e.square_distance(p, e.nearest(p)));
      const float to = p.y - e.from.y; // a ray to the right crosses the edge, or not
      if ((to < 0) != (to < e.along.y) &&
          (p.x - e.from.x) * std::abs(e.along.y) < e.along.x * (e.along.y < 0 ? -to : to)) {
        inside = !inside;
      }
    }
    return inside ? -std::sqrt(least) : std::sqrt(least);
  }

private:
  std::vector<Edge> edges_;
  Box box_;
};

/// What lies between two curves y = upper(t) and y = lower(t), x = centre + t half, t from -1 to 1: an eye, a lip.
template <class Upper, class Lower>
[[nodiscard]] Polygon between(float centre, float half, const Upper& upper, const Lower& lower) {
  constexpr int pieces = 10;
  std::array<Point, std::size_t{2} * pieces> points;
  for (int i = 0; i < 2 * pieces; ++i) { // there along the upper edge, back along the lower one
    const float t = 1 - static_cast<float>(std::abs(pieces - i)) * 2 / pieces;
    points[static_cast<std::size_t>(i)] = {centre - t * half, i < pieces ? upper(-t) : lower(-t)};
  }
  return Polygon(points);
}

/// Where two shapes overlap: an iris behind its lids. Like Without, it refers to its shapes and is for one statement.
template <class A, class B> struct Overlap {
  const A& a;
  const B& b;
  [[nodiscard]] Box box() const noexcept {
    const Box p = a.box(), q = b.box();
    return {std::max(p.left, q.left), std::max(p.top, q.top), std::min(p.right, q.right), std::min(p.bottom, q.bottom)};
  }
  [[nodiscard]] float distance(Point p) const noexcept { return std::max(a.distance(p), b.distance(p)); }
};
template <class A, class B> Overlap(const A&, const B&) -> Overlap<A, B>;

/// One shape without another: hair around a face.
template <class A, class B> struct Without {
  const A& a;
  const B& b;
  [[nodiscard]] Box box() const noexcept { return a.box(); }
  [[nodiscard]] float distance(Point p) const noexcept { return std::max(a.distance(p), -b.distance(p)); }
};
template <class A, class B> Without(const A&, const B&) -> Without<A, B>;

} // namespace mien::faces
