#!/usr/bin/python3
"""OpenCV's DNN module as a subject of run.py: subject_opencv.py MODEL.onnx BATCH OUTPUT THREADS."""
import sys
import cv2
import numpy as np
import network
import subject

path, batch, output, threads = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
cv2.setNumThreads(threads)
net = cv2.dnn.readNetFromONNX(path)
net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
x = network.images(batch)


def run():
    net.setInput(x)
    return net.forward()


np.asarray(run(), np.float32).tofile(output)
subject.serve(run, f'OpenCV {cv2.__version__}', f'CPU, {threads} threads')
