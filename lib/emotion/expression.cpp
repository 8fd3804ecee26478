// SPDX-License-Identifier: Apache-2.0
// The table of expressions: the heart of the generated faces.
#include "lib/emotion/expression.hpp"

#include <array>

namespace mien::faces {
namespace {

/// A feature lies between middle - spread and middle + spread, in hundredths.
struct Range {
  float middle;
  float spread;
};

struct Row {
  float Expression::*feature;
  std::array<Range, 7> by_expression; // in the order of expression_names
};

// After the action units of Ekman and Friesen 1978 that mark each expression, drawn a little larger than life, as
// 48 pixels ask for: one hundredth is a quarter of a pixel there.
// clang-format off
constexpr Row table[] = {
  //                           angry      disgust    fear       happy      neutral    sad        surprise
  {&Expression::brow_inner,   {{{-13, 2}, { -6, 2}, { 11, 3}, {  2, 2}, {  0, 2}, { 12, 2}, { 11, 3}}}},
  {&Expression::brow_outer,   {{{  4, 2}, { -3, 2}, {  3, 2}, {  1, 2}, {  0, 2}, { -6, 2}, {  9, 2}}}},
  {&Expression::brow_arch,    {{{  0, 1}, {  1, 1}, {  1, 1}, {  5, 2}, {  4, 2}, {  1, 1}, {  9, 2}}}},
  {&Expression::brow_pinch,   {{{  6, 2}, {  4, 2}, {  4, 2}, {  0, 1}, {  0, 1}, {  3, 2}, { -1, 1}}}},
  {&Expression::frown,        {{{ 85,15}, { 45,25}, { 25,25}, {  0, 0}, {  0, 0}, { 30,25}, {  0, 0}}}},
  {&Expression::forehead,     {{{  0, 0}, {  0, 0}, { 55,30}, {  0, 0}, {  0, 0}, { 25,25}, { 75,25}}}},

  {&Expression::lid_up,       {{{  7, 1}, {  4, 1}, { 13, 1}, {  6, 2}, {  8, 1}, {  6, 1}, { 13, 2}}}},
  {&Expression::lid_down,     {{{  5, 1}, {  2, 1}, {  8, 1}, {  1, 1}, {  5, 1}, {  5, 1}, {  9, 1}}}},
  {&Expression::lid_skew,     {{{ 60,15}, { 15,15}, {-15,10}, {  0,10}, {  0,10}, {-45,15}, {  0,10}}}},
  {&Expression::eye_droop,    {{{ -3, 1}, {  0, 1}, {  1, 1}, {  0, 1}, {  0, 1}, {  4, 1}, {  0, 1}}}},
  {&Expression::gaze_down,    {{{  0, 1}, {  0, 1}, {  0, 1}, {  0, 1}, {  0, 1}, {  2, 2}, {  0, 1}}}},
  {&Expression::gaze_side,    {{{  0, 3}, {  0, 3}, {  0, 4}, {  0, 3}, {  0, 3}, {  0, 3}, {  0, 3}}}},
  {&Expression::tear,         {{{  0, 0}, {  0, 0}, {  0, 0}, {  0, 0}, {  0, 0}, {-30,90}, {  0, 0}}}},

  {&Expression::nose_wrinkle, {{{ 15,15}, { 85,15}, {  0, 0}, {  0, 0}, {  0, 0}, {  0, 0}, {  0, 0}}}},
  {&Expression::nostrils,     {{{ 60,30}, { 80,20}, { 30,20}, { 10,10}, {  0, 0}, {  0, 0}, { 20,20}}}},
  {&Expression::folds,        {{{ 30,20}, { 85,15}, { 15,15}, { 65,20}, {  5, 5}, { 30,15}, {  5, 5}}}},
  {&Expression::cheeks,       {{{  0, 0}, { 50,20}, {  0, 0}, { 80,20}, {  0, 0}, {  0, 0}, {  0, 0}}}},

  {&Expression::mouth_curve,  {{{ -6, 3}, { -9, 3}, { -5, 3}, { 14, 3}, {  0, 2}, {-11, 2}, {  0, 2}}}},
  {&Expression::mouth_tilt,   {{{  0, 1}, {  0, 3}, {  0, 1}, {  0, 2}, {  0, 1}, {  0, 1}, {  0, 1}}}},
  {&Expression::mouth_open,   {{{  7, 7}, {  4, 4}, { 13, 4}, {  9, 8}, {  0, 1}, {  0, 1}, { 27, 6}}}},
  {&Expression::mouth_wide,   {{{ -1, 3}, { -2, 2}, {  5, 3}, {  9, 3}, {  0, 2}, { -4, 2}, {-11, 2}}}},
  {&Expression::mouth_square, {{{ 80,20}, { 50,20}, { 80,20}, { 10,10}, {  0, 0}, {  0, 0}, { 60,20}}}},
  {&Expression::teeth_up,     {{{ 45,10}, { 35,30}, { 25,15}, { 55,20}, { 50,50}, {  0, 0}, { 10,10}}}},
  {&Expression::teeth_low,    {{{ 40,10}, {  0,10}, { 30,15}, {  0, 0}, {  0, 0}, {  0, 0}, {  0, 0}}}},
  {&Expression::sneer,        {{{  1, 1}, {  8, 2}, {  0, 0}, {  0, 0}, {  0, 0}, {  0, 0}, {  0, 0}}}},
  {&Expression::lip_press,    {{{ 50,25}, {  0,20}, { 30,20}, { 20,20}, {  0,15}, {-25,20}, { 10,15}}}},
  {&Expression::chin,         {{{ 35,20}, { 40,20}, {  0, 0}, {  0, 0}, {  0, 0}, { 65,25}, {  0, 0}}}},
};
// clang-format on

} // namespace

Expression draw_expression(std::size_t expression, Rng& rng) {
  Expression drawn;
  for (const Row& row : table) {
    const Range range = row.by_expression[expression];
    drawn.*row.feature = (range.middle + range.spread * rng.uniform(-1, 1)) / 100;
  }
  return drawn;
}

Expression blend(const Expression& from, const Expression& to, float share) {
  Expression between;
  for (const Row& row : table) between.*row.feature = from.*row.feature + share * (to.*row.feature - from.*row.feature);
  return between;
}

} // namespace mien::faces
