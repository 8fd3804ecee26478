// SPDX-License-Identifier: Apache-2.0
// Cascades for tests: OpenCV's files where the package opencv-data is installed, and small ones of our own.
#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace mien::test {

/// The folder of opencv-data; empty, and said, where the package is not installed.
inline std::filesystem::path opencv_data() {
  for (const char* folder : {"/usr/share/opencv4", "/usr/local/share/opencv4", "/opt/homebrew/share/opencv4"})
    if (std::filesystem::is_directory(std::filesystem::path(folder) / "haarcascades")) return folder;
  std::puts("SKIPPED: OpenCV's cascades (package opencv-data) are not installed");
  return {};
}

/// Every cascade file of opencv-data, in order of names.
inline std::vector<std::filesystem::path> opencv_cascades() {
  std::vector<std::filesystem::path> files;
  if (const auto data = opencv_data(); !data.empty())
    for (const char* folder : {"haarcascades", "lbpcascades"})
      for (const auto& entry : std::filesystem::directory_iterator(data / folder))
        if (entry.path().extension() == ".xml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// A Haar cascade with a stump on an upright feature, then a tree with two nodes on a tilted one.
inline const std::string haar_xml = R"(<?xml version="1.0"?>
<opencv_storage>
<cascade type_id="opencv-cascade-classifier"><stageType>BOOST</stageType>
  <featureType>HAAR</featureType>
  <height>10</height>
  <width>12</width>
  <featureParams><maxCatCount>0</maxCatCount></featureParams>
  <stages>
    <_><maxWeakCount>1</maxWeakCount>
      <stageThreshold>-1.25e-01</stageThreshold>
      <weakClassifiers><_><internalNodes>0 -1 0 4.5e-03</internalNodes><leafValues>-1. 1.</leafValues></_></weakClassifiers></_>
    <_><maxWeakCount>1</maxWeakCount>
      <stageThreshold>0.</stageThreshold>
      <weakClassifiers><_>
          <internalNodes>1 0 0 -2.5e-03 -1 -2 1 3.</internalNodes>
          <leafValues>-0.5 0.25 0.75</leafValues></_></weakClassifiers></_></stages>
  <features>
    <_><rects><_>1 2 8 4 -1.</_><_>1 4 8 2 2.</_></rects><tilted>0</tilted></_>
    <_><rects><_>6 1 3 4 -1.</_><_>6 1 3 2 2.</_></rects><tilted>1</tilted></_></features></cascade>
</opencv_storage>
)";

/// An LBP cascade with one stump.
inline const std::string lbp_xml = R"(<?xml version="1.0"?>
<opencv_storage>
<cascade><stageType>BOOST</stageType>
  <featureType>LBP</featureType>
  <height>9</height>
  <width>9</width>
  <featureParams><maxCatCount>256</maxCatCount></featureParams>
  <stages>
    <_><stageThreshold>0.5</stageThreshold>
      <weakClassifiers><_>
        <internalNodes>0 -1 0 -67130709 -21569 -1426120013 -1275125205 -21585 -16385 587145899 -24005</internalNodes>
        <leafValues>-0.625 0.75</leafValues></_></weakClassifiers></_></stages>
  <features><_><rect>1 2 2 2</rect></_></features></cascade>
</opencv_storage>
)";

} // namespace mien::test
